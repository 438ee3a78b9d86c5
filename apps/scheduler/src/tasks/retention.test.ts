import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore, parseRequest, type ResultStore } from '@alts/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { openNewDatabase } from '../table/database.fixture.ts';
import { migrate } from '../table/migrate.ts';
import { TaskTable } from '../table/task-table.ts';
import { Retention } from './retention.ts';

const HOUR = 60 * 60_000;

/** Tasks that ended so many hours ago, each with a report and a log. */
async function ended(hours: Readonly<Record<string, number>>) {
  const directory = await mkdtemp(join(tmpdir(), 'alts-retention-'));
  const database = await openNewDatabase();
  await migrate(database.db);
  const store = directoryStore(directory);
  let now = Date.now();
  const table = new TaskTable(database, () => new Date(now));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [taskId, ago] of Object.entries(hours)) {
    now = Date.now() - ago * HOUR;
    const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12/x86_64' });
    const message = { schemaVersion: 1, taskId, request } as const;
    await table.accept({ message, queue: 'docker-x86_64-0', architecture: 'x86_64', package: 'hello' });
    await table.finish(taskId, 1, { verdict: 'passed' });
    for (const name of ['install_package.log', 'report.json']) {
      await store.put(
        { taskId, name },
        (async function* () {
          yield Buffer.from('{}');
        })(),
      );
    }
  }
  const left = async () => {
    const tasks = await table.list({ limit: 500 });
    const stored = await Promise.all(Object.keys(hours).map((id) => Array.fromAsync(store.list(id))));
    return { tasks: tasks.map(({ id }) => id).sort(), artifacts: stored.flat().length };
  };
  return { table, store, left };
}

const options = { expiresAfterMs: 2 * HOUR, everyMs: 10 };
const log = { info() {}, warn() {}, error() {} };

it('forgets tasks that ended long enough ago, with all that the store has of them', async () => {
  const { table, store, left } = await ended({ old: 3, older: 30, young: 1 });
  await using retention = new Retention({ table, store, log }, options);
  retention.start();
  await expect.poll(left).toEqual({ tasks: ['young'], artifacts: 2 });
});

it('keeps the row of a task whose artifacts cannot be removed, and removes both later', async () => {
  const { table, store, left } = await ended({ old: 3 });
  const warned: unknown[] = [];
  let tries = 0;
  const remove: ResultStore['remove'] = async (...args) => {
    tries += 1;
    if (tries === 1) throw new Error('away');
    expect((await left()).tasks).toEqual(['old']);
    await store.remove?.(...args);
  };
  const flaky = Object.assign(Object.create(store) as ResultStore, { remove });
  const noting = { ...log, warn: (fields: object) => warned.push(fields) };
  await using retention = new Retention({ table, store: flaky, log: noting }, options);
  retention.start();
  await expect.poll(left).toEqual({ tasks: [], artifacts: 0 });
  expect(warned).toHaveLength(1);
});

it('is refused with a store that removes nothing', async () => {
  const { table, store } = await ended({});
  const keeping = Object.assign(Object.create(store) as ResultStore, { remove: undefined });
  expect(() => new Retention({ table, store: keeping, log }, options)).toThrow(
    'expiresAfter: this store removes nothing',
  );
});
