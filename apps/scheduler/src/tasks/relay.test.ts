import { memoryQueue, parseRequest } from '@alts/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { migrate } from '../table/migrate.ts';
import { openSqlite } from '../table/sqlite.ts';
import { TaskTable } from '../table/task-table.ts';
import { Relay } from './relay.ts';

const QUEUE = 'docker-x86_64-0';
const log = { info() {}, warn() {}, error() {} };

function task(taskId: string) {
  const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12/x86_64' });
  return {
    message: { schemaVersion: 1, taskId, request },
    queue: QUEUE,
    architecture: 'x86_64',
    package: 'hello',
  } as const;
}

async function relaying() {
  const database = await openSqlite(':memory:');
  await migrate(database.db);
  const table = new TaskTable(database);
  const queue = memoryQueue();
  const relay = new Relay({ table, queue, log });
  const published = new Set<string>();
  await queue.consume(
    [QUEUE],
    async ({ taskId }) => {
      published.add(taskId);
      return 'done';
    },
    { concurrency: 10 },
  );
  onTestFinished(async () => {
    await relay[Symbol.asyncDispose]();
    await queue[Symbol.asyncDispose]();
    await table[Symbol.asyncDispose]();
  });
  return { database, table, relay, published };
}

it('publishes what it is handed, which the table gives nobody for a while, and writes down that the queue has it', async () => {
  const { table, relay, published } = await relaying();
  relay.start();
  relay.take(await table.accept(task('a')));
  await expect.poll(() => published.has('a'), { timeout: 8000 }).toBe(true);
  await expect.poll(async () => (await table.find('a'))?.state).toBe('queued');
});

it('publishes what another scheduler left, also while more and more is handed over', async () => {
  const { database, table, relay, published } = await relaying();
  const dead = new TaskTable(database, () => new Date(Date.now() - 60_000));
  relay.start();
  await dead.accept(task('orphan'));
  let made = 0;
  const handing = setInterval(() => {
    made += 1;
    void table.accept(task(`t${made}`)).then((row) => relay.take(row));
  }, 1);
  onTestFinished(() => clearInterval(handing));
  await expect.poll(() => published.has('orphan'), { timeout: 8000 }).toBe(true);
  expect(made).toBeGreaterThan(10);
});
