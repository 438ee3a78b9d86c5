import { memoryQueue, parseRequest } from '@alts/sdk';
import { AltsError } from '@alts/sdk/plugin';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openNewDatabase } from '../table/database.fixture.ts';
import { migrate } from '../table/migrate.ts';
import { TaskTable } from '../table/task-table.ts';
import { Relay } from './relay.ts';

const QUEUE = 'docker-x86_64-0';
const log = { info() {}, warn() {}, error() {} };

function task(taskId: string, queue = QUEUE) {
  const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12/x86_64' });
  return {
    message: { schemaVersion: 1, taskId, request },
    queue,
    architecture: 'x86_64',
    package: 'hello',
  } as const;
}

async function relaying() {
  const database = await openNewDatabase();
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
  });
  const state = async (id: string) => (await table.find(id))?.state;
  const hand = async (id: string, name?: string) => relay.take(await table.accept(task(id, name)));
  return { database, table, queue, relay, published, state, hand };
}

it('publishes what it is handed, which the table gives nobody for a while, and writes down that the queue has it', async () => {
  const { relay, published, hand, state } = await relaying();
  relay.start();
  await hand('a');
  await expect.poll(() => published.has('a'), { timeout: 8000 }).toBe(true);
  await expect.poll(() => state('a')).toBe('queued');
});

it('publishes what another scheduler left, also while more and more is handed over', async () => {
  const { database, table, relay, published } = await relaying();
  const dead = new TaskTable(database, () => new Date(Date.now() - 60_000));
  relay.start();
  await dead.accept(task('orphan'));
  let made = 0;
  const accepting = new Set<Promise<void>>();
  const handing = setInterval(() => {
    made += 1;
    accepting.add(table.accept(task(`t${made}`)).then((row) => relay.take(row)));
  }, 1);
  onTestFinished(async () => {
    clearInterval(handing);
    await Promise.all(accepting);
  });
  await expect.poll(() => published.has('orphan'), { timeout: 8000 }).toBe(true);
  expect(made).toBeGreaterThan(10);
});

describe('what the queue has confirmed', () => {
  /** A relay that is writing down that the queue has `a`, and has been told of `b` meanwhile. */
  async function writing() {
    const made = await relaying();
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const published = made.table.published.bind(made.table);
    made.table.published = async (ids) => {
      begun.resolve();
      await goOn.promise;
      await published(ids);
    };
    made.relay.start();
    await made.hand('a');
    await begun.promise;
    await made.hand('b');
    await expect.poll(() => made.published.has('b')).toBe(true);
    return { ...made, goOn: goOn.resolve };
  }

  it('while it is written down what was before is written down, too', async () => {
    const { goOn, state } = await writing();
    goOn();
    await expect.poll(() => Promise.all([state('a'), state('b')])).toEqual(['queued', 'queued']);
  });

  it('is written down at the end', async () => {
    const { relay, goOn, state } = await writing();
    const ending = relay[Symbol.asyncDispose]();
    goOn();
    await ending;
    expect(await Promise.all([state('a'), state('b')])).toEqual(['queued', 'queued']);
  });

  it('is written down later when it cannot be now', async () => {
    const { table, relay, hand, state } = await relaying();
    const published = table.published.bind(table);
    let tries = 0;
    table.published = async (ids) => {
      tries += 1;
      if (tries === 1) throw new Error('the disk is full');
      await published(ids);
    };
    relay.start();
    await hand('a');
    await expect.poll(() => state('a')).toBe('queued');
    expect(tries).toBe(2);
  });

  it('is written down also when it cannot be of another that the queue refuses', async () => {
    const { table, queue, relay, hand, state } = await relaying();
    const publish = queue.publish.bind(queue);
    queue.publish = async (name, message, options) => {
      if (message.taskId === 'refused') throw new AltsError('queue_unavailable', 'not now');
      await publish(name, message, options);
    };
    table.postpone = async () => {
      throw new Error('the disk is full');
    };
    await Promise.all(['a', 'refused', 'b'].map((id) => hand(id)));
    relay.start();
    await expect.poll(() => Promise.all([state('a'), state('b')])).toEqual(['queued', 'queued']);
    expect(await state('refused')).toBe('accepted');
  });
});

it('ends a task that the queue can never take, and tries again for ever where it may take it later', async () => {
  const { table, queue, relay, hand, state } = await relaying();
  const publish = queue.publish.bind(queue);
  let tries = 0;
  queue.publish = async (name, message, options) => {
    if (message.taskId === 'later') tries += 1;
    if (message.taskId === 'later' && tries < 3) throw new AltsError('queue_unavailable', 'the broker is down');
    await publish(name, message, options);
  };
  relay.start();
  await Promise.all([hand('never', 'x'.repeat(300)), hand('later')]);
  await expect.poll(() => state('never')).toBe('finished');
  const { verdict, error } = (await table.find('never')) ?? {};
  expect({ verdict, error: JSON.parse(error ?? '') }).toEqual({
    verdict: 'error',
    error: { code: 'invalid_request', message: expect.stringContaining('has 300 bytes; a name has 1 to 200') },
  });
  await expect.poll(() => state('later')).toBe('queued');
});
