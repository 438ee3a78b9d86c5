import type { WorkerState } from '@alts/sdk';
import { describe, expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

const QUEUE = 'docker-x86_64-0';
const at = new Date().toISOString();
const worker: WorkerState = {
  name: 'w1',
  queues: [QUEUE],
  concurrency: 2,
  running: [],
  refuses: 'the disk is full',
  spooled: 0,
  startedAt: at,
  at,
};

async function newTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12/x86_64' });
  return ((await response.json()) as { id: string }).id;
}

/** Rejects all that comes, until there is a dead letter. */
async function bury({ queue }: TestedScheduler): Promise<void> {
  const consumer = await queue.consume([QUEUE], async () => ({ reject: 'no' }), { concurrency: 1 });
  await expect.poll(async () => (await queue.depth(QUEUE)).dead).toBe(1);
  await consumer[Symbol.asyncDispose]();
}

describe('GET /queues', () => {
  it('says what is in each queue, which tasks are for it, who takes from it, and why somebody does not', async () => {
    const scheduler = await testedScheduler();
    scheduler.scheduler.start();
    await newTask(scheduler);
    const queues = async () => (await scheduler.ask('GET', '/queues')).json();
    await expect
      .poll(async () => {
        scheduler.broadcast.emit({ kind: 'worker', state: worker });
        return queues();
      })
      .toEqual({
        queues: [
          {
            name: QUEUE,
            messages: { waiting: 1, retrying: 0, dead: 0 },
            tasks: { queued: 1 },
            workers: ['w1'],
          },
        ],
        workers: [worker],
      });
    const metrics = await (await scheduler.ask('GET', '/metrics')).text();
    expect(metrics).toContain('alts_workers{takes_tasks="no"} 1');
  });

  it('is not for everybody', async () => {
    const { ask } = await testedScheduler();
    expect((await ask('GET', '/queues', undefined, {})).status).toBe(401);
  });
});

describe('a dead letter', () => {
  it('is seen, and becomes a task of its own when its task is over, once', async () => {
    const scheduler = await testedScheduler();
    const { ask, table } = scheduler;
    scheduler.scheduler.start();
    const id = await newTask(scheduler);
    await bury(scheduler);
    const letters = async () => (await ask('GET', `/queues/${QUEUE}/dead-letters`)).json();
    expect(await letters()).toEqual({ deadLetters: [{ taskId: id, reason: 'no', attempts: 1 }] });
    await expect.poll(async () => (await table.find(id))?.state).toBe('finished');
    // Nobody takes from the queue, and no task is unfinished: it is told all the same.
    expect(await (await ask('GET', '/queues')).json()).toEqual({
      queues: [{ name: QUEUE, messages: { waiting: 0, retrying: 0, dead: 1 }, tasks: {}, workers: [] }],
      workers: [],
    });
    expect(await table.find(id)).toMatchObject({
      verdict: 'error',
      error: JSON.stringify({ code: 'environment_lost', message: `${QUEUE} gave up: no` }),
    });
    const requeue = () => ask('POST', `/queues/${QUEUE}/dead-letters/${id}/requeue`);
    const response = await requeue();
    const again = (await response.json()) as { id: string };
    expect([response.status, response.headers.get('location')]).toEqual([201, `/tasks/${again.id}`]);
    expect(await table.find(again.id)).toMatchObject({ rerun_of: id, package: 'hello' });
    expect(await letters()).toEqual({ deadLetters: [] });
    expect((await requeue()).status).toBe(404);
    expect(await table.find(id)).toMatchObject({ state: 'finished', verdict: 'error' });
  });

  it('is looked for in queues that are there: nobody makes others by asking', async () => {
    const { ask } = await testedScheduler();
    const letters = await ask('GET', '/queues/other-x86_64-0/dead-letters');
    const requeue = await ask('POST', '/queues/docker-vax-0/dead-letters/a/requeue');
    expect([letters.status, requeue.status]).toEqual([404, 404]);
    expect(await letters.json()).toMatchObject({ detail: 'there is no queue "other-x86_64-0"' });
  });

  it('of a task that nobody knows goes back to its queue', async () => {
    const scheduler = await testedScheduler();
    const { queue, ask, table } = scheduler;
    const id = await newTask(scheduler);
    const request = JSON.parse((await table.find(id))?.request ?? '');
    await queue.publish(QUEUE, { schemaVersion: 1, taskId: 'stranger', request });
    await bury(scheduler);
    const response = await ask('POST', `/queues/${QUEUE}/dead-letters/stranger/requeue`);
    expect([response.status, await response.json()]).toEqual([201, { id: 'stranger' }]);
    expect(await queue.depth(QUEUE)).toEqual({ waiting: 1, retrying: 0, dead: 0 });
    expect((await table.find(id))?.state).toBe('accepted');
  });
});

describe('a task of which nothing is heard', () => {
  it('is published again when its queue does not have it', async () => {
    const scheduler = await testedScheduler(undefined, { emptyMs: 100 });
    const { queue, table } = scheduler;
    scheduler.scheduler.start();
    const id = await newTask(scheduler);
    const seen: number[] = [];
    // A broker that forgets: the message is gone, and nobody ran the test.
    await queue.consume(
      [QUEUE],
      async ({ attempts = 0 }) => {
        seen.push(attempts);
        if (seen.length === 1) await table.started(id, 1, 'w');
        return 'done';
      },
      { concurrency: 1 },
    );
    await expect.poll(() => seen, { timeout: 5000 }).toEqual([0, 1]);
  });

  it('is left in peace while its queue has messages, for it may be one of them', async () => {
    const scheduler = await testedScheduler(undefined, { emptyMs: 0 });
    scheduler.scheduler.start();
    const id = await newTask(scheduler);
    await expect.poll(async () => (await scheduler.table.find(id))?.state).toBe('queued');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await scheduler.queue.depth(QUEUE)).toMatchObject({ waiting: 1 });
  });

  it('is known to run as long as its worker says so, and is stopped when nobody wants it any more', async () => {
    const scheduler = await testedScheduler(undefined, { silentMs: 50, emptyMs: 150 });
    const { broadcast, table, queue } = scheduler;
    scheduler.scheduler.start();
    const id = await newTask(scheduler);
    const taken = Promise.withResolvers<void>();
    const take = async () => {
      taken.resolve();
      return 'done' as const;
    };
    await queue.consume([QUEUE], take, { concurrency: 1 });
    await taken.promise;
    const cancels: string[] = [];
    broadcast.on(id, (event) => void (event.kind === 'cancel' && cancels.push(event.reason)));
    const alive = setInterval(
      () => broadcast.emit({ kind: 'worker', state: { ...worker, running: [{ taskId: id, attempt: 1 }] } }),
      20,
    );
    try {
      await expect.poll(() => table.find(id)).toMatchObject({ state: 'running', attempt: 1, worker: 'w1' });
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await table.find(id)).toMatchObject({ state: 'running', attempt: 1 });
      await table.finish(id, 1, { verdict: 'passed' });
      await expect.poll(() => cancels).toContain('the task is finished');
    } finally {
      clearInterval(alive);
    }
  });
});
