import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore, type ResultStore } from '@alts/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { serveApp } from '../serve.ts';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

async function newTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12' });
  return ((await response.json()) as { id: string }).id;
}

/** A store that counts what is being read from it. */
class CountedReads {
  open = 0;

  of(store: ResultStore): ResultStore {
    const get = async function* (this: CountedReads, ...args: Parameters<ResultStore['get']>) {
      this.open += 1;
      try {
        yield* store.get(...args);
      } finally {
        this.open -= 1;
      }
    }.bind(this);
    return { contract: store.contract, put: store.put.bind(store), list: store.list.bind(store), get };
  }
}

it('answers HEAD with the headers of GET, and lets go of the artifact', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-head-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const reads = new CountedReads();
  const store = reads.of(directoryStore(directory));
  const scheduler = await testedScheduler(undefined, {}, { store });
  const taskId = await newTask(scheduler);
  // More than is read ahead: it would stay open.
  const content = async function* () {
    for (let at = 0; at < 16; at += 1) yield Buffer.alloc(256 * 1024, 'x');
  };
  await store.put({ taskId, name: 'install_package.log' }, content());
  await using server = await serveApp(scheduler.app, { port: 0, hostname: '127.0.0.1' });
  const headers = { authorization: `Bearer ${await scheduler.token()}` };
  const ask = (method: string, name: string) =>
    fetch(`${server.url}/tasks/${taskId}/artifacts/${name}`, { method, headers });
  const got = await ask('GET', 'install_package.log');
  expect((await got.bytes()).length).toBe(4 * 1024 * 1024);
  for (let each = 0; each < 10; each += 1) {
    const head = await ask('HEAD', 'install_package.log');
    expect([head.status, head.headers.get('content-type')]).toEqual([200, got.headers.get('content-type')]);
    // What it has is unknown until it is read; none would say that it is empty.
    expect([head.headers.get('content-length'), await head.text()]).toEqual([null, '']);
  }
  expect(reads.open).toBe(0);
  expect((await ask('HEAD', 'nothing.log')).status).toBe(404);
});

it('answers HEAD of events, and does not look for any', async () => {
  const scheduler = await testedScheduler();
  const { table } = scheduler;
  const id = await newTask(scheduler);
  let looks = 0;
  const find = table.find.bind(table);
  table.find = (taskId) => {
    looks += 1;
    return find(taskId);
  };
  const head = await scheduler.ask('HEAD', `/tasks/${id}/events`);
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const asked = looks;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(looks - asked).toBeLessThan(2);
});
