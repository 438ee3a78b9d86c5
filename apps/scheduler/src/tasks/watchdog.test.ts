import { describe, expect, it, onTestFinished } from 'vitest';
import { type TestedScheduler, testedScheduler } from '../http/app.fixture.ts';
import { reportOf, storeReport } from './report.fixture.ts';
import { Watchdog, type WatchdogOptions } from './watchdog.ts';

const QUEUE = 'docker-x86_64-0';

/** A scheduler of which only the watchdog runs, one look after the other, and a task. */
async function watched(options: WatchdogOptions = {}) {
  const scheduler = await testedScheduler({ hosts: ['build.example'] });
  const watchdog = new Watchdog(scheduler, { silentMs: 0, ...options });
  onTestFinished(() => watchdog[Symbol.asyncDispose]());
  const id = await newTask(scheduler);
  const looked = async () => {
    await watchdog.look();
    return scheduler.table.find(id);
  };
  return { ...scheduler, id, looked };
}

async function newTask({ ask }: TestedScheduler): Promise<string> {
  const payload = {
    runner_type: 'any',
    dist_name: 'debian',
    dist_version: '12',
    dist_arch: 'x86_64',
    package_name: 'hello',
    callback_href: 'https://build.example/x',
  };
  const response = await ask('POST', '/tasks/schedule', payload);
  return ((await response.json()) as { task_id: string }).task_id;
}

describe('a task of which nothing is heard, and whose report', () => {
  it('is in the store ends as it says', async () => {
    const { table, store, id, looked } = await watched();
    await table.started(id, 1, 'w');
    await storeReport(store, id, reportOf(id));
    await expect.poll(looked).toMatchObject({ state: 'finished', verdict: 'passed' });
  });

  it.each([
    ['is cut off', '{"schemaVersion": 1, "taskId', 'SyntaxError'],
    ['is of a form that nobody here knows', { ...reportOf('x'), schemaVersion: 2 }, 'schemaVersion'],
    ['is something else', '[]', 'expected object'],
  ])('%s ends as an error that says so, and its client is told', async (_, stored, reason) => {
    const { table, store, callbacks, id, looked } = await watched();
    await table.started(id, 2, 'w');
    await storeReport(store, id, stored);
    await expect.poll(looked).toMatchObject({ state: 'finished', verdict: 'error', attempt: 2 });
    expect(JSON.parse((await table.find(id))?.error ?? '')).toEqual({
      code: 'internal',
      message: expect.stringMatching(`report.json is in the store and is no report: .*${reason}`),
    });
    expect(await callbacks.count()).toBe(1);
  });
});

it('a task whose report cannot be read is shown all the same', async () => {
  const { ask, table, store, id, looked } = await watched();
  await table.started(id, 1, 'w');
  await storeReport(store, id, 'nonsense');
  await expect.poll(looked).toMatchObject({ state: 'finished' });
  const response = await ask('GET', `/tasks/${id}`);
  expect([response.status, await response.json()]).toMatchObject([200, { verdict: 'error', stages: [], findings: [] }]);
});

describe('a task whose queue has others, and of which nothing is heard for longer than queues take to be emptied', () => {
  /** Its own message is gone; the queue has another one. */
  async function backlog(options: WatchdogOptions) {
    const made = await watched({ emptyMs: 0, ...options });
    const request = JSON.parse((await made.table.find(made.id))?.request ?? '');
    await made.queue.publish(QUEUE, { schemaVersion: 1, taskId: 'other', request });
    await made.table.published([made.id]);
    return made;
  }

  it('is published again when it was queued', async () => {
    const { table, id, looked } = await backlog({ anyMs: 0 });
    await expect.poll(looked).toMatchObject({ state: 'accepted' });
    expect(await table.claim(9)).toMatchObject([{ task_id: id }]);
  });

  it('is published again when it ran', async () => {
    const { table, id, looked } = await backlog({ anyMs: 0 });
    await table.started(id, 1, 'w');
    await expect.poll(looked).toMatchObject({ state: 'accepted', attempt: 1 });
    expect(JSON.parse((await table.claim(9))[0]?.message ?? '')).toMatchObject({ taskId: id, attempts: 1 });
  });

  it('is left in peace before that', async () => {
    const { looked } = await backlog({ anyMs: 60_000 });
    const before = (await looked())?.looked_at ?? '';
    await expect.poll(async () => ((await looked())?.looked_at ?? '') > before).toBe(true);
    expect(await looked()).toMatchObject({ state: 'queued' });
  });
});
