import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryStore } from '@alts/sdk';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Started, start } from './alts-process.fixture.ts';

const plugin = (name: string) => fileURLToPath(new URL(`./third-party/${name}.fixture.ts`, import.meta.url));
const FOUND = { checker: 'manners', rule: 'greets', subject: 'hello', message: 'Good day.' };
let directory: string;
let config: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-third-party-'));
  config = join(directory, 'fleet.yaml');
  await writeFile(
    config,
    `plugins: { small: ${plugin('runner')}, manners: ${plugin('checker')} }
queue: { use: ${plugin('queue')}, at: small-x86_64-0, taskId: a, package: hello, system: 'debian:12' }
broadcast: { use: ${plugin('broadcast')}, loud: true }
store: { use: ${plugin('store')}, shelf: ${join(directory, 'shelf')} }
runners: { small: { megabytes: 512 } }
checkers: [{ use: manners, says: Good day. }]
worker: { queues: [small-x86_64-0], minFreeMiB: 0 }
`,
  );
});
afterAll(() => rm(directory, { recursive: true }));

async function report(taskId: string): Promise<unknown> {
  try {
    const chunks = await Array.fromAsync(directoryStore(join(directory, 'shelf')).get({ taskId, name: 'report.json' }));
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
const expected = (taskId: string) => ({
  taskId,
  verdict: 'passed',
  runner: { type: 'small' },
  findings: expect.arrayContaining([expect.objectContaining(FOUND)]),
});
function begin(...args: string[]): Started {
  const program = start(args, {}, directory);
  onTestFinished(async () => {
    program.child.kill('SIGKILL');
    await program.finished;
  });
  return program;
}
const patience = { timeout: 120_000, interval: 300 };

it('a worker is composed of parts of others alone: queue, broadcast, store, runner, checker', async () => {
  const worker = begin('worker', '-c', config);
  await expect.poll(() => report('a'), patience).toMatchObject(expected('a'));
  worker.child.kill('SIGTERM');
  expect(await worker.finished).toMatchObject({ code: 0 });
});

it('alts dev tries a configuration out: its runner, checkers and store', async () => {
  const dev = begin('dev', '-c', config, '--runner', 'small', '--port', '0', '--jobs', '1');
  let said = '';
  dev.child.stdout?.on('data', (text: string) => {
    said += text;
  });
  await dev.said('/tasks\n\n');
  const [, url = ''] = /listens on (http:\S+),/.exec(said) ?? [];
  const [, token = ''] = /TOKEN=(\S+)/.exec(said) ?? [];
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify({ package: { name: 'hello' }, system: 'debian:12' });
  const { id } = (await (await fetch(`${url}/tasks`, { method: 'POST', headers, body })).json()) as { id: string };
  await expect.poll(() => report(id), patience).toMatchObject(expected(id));
  dev.child.kill('SIGINT');
  expect(await dev.finished).toMatchObject({ code: 0 });
});
