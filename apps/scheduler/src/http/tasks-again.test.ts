import { parseRequest } from '@alts/sdk';
import { expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

const QUEUE = 'docker-x86_64-0';
const HREF = 'https://build.example/7';

/** A task of a client that calls it 7, is to be told of it, and is in a hurry; it is a dead letter, and over. */
async function buried(): Promise<TestedScheduler> {
  const scheduler = await testedScheduler({ hosts: ['build.example'] });
  const { table, queue } = scheduler;
  const request = parseRequest({ taskId: 'first', package: { name: 'hello' }, system: 'debian:12/x86_64' });
  const message = { schemaVersion: 1, taskId: 'first', request } as const;
  const client = { externalId: '7', callbackHref: HREF, priority: 'high' } as const;
  await table.accept({ message, queue: QUEUE, architecture: 'x86_64', package: 'hello', ...client });
  await queue.publish(QUEUE, message);
  const consumer = await queue.consume([QUEUE], async () => ({ reject: 'no' }), { concurrency: 1 });
  await expect.poll(async () => (await queue.depth(QUEUE)).dead).toBe(1);
  await consumer[Symbol.asyncDispose]();
  await table.finish('first', 1, { verdict: 'error', error: { code: 'environment_lost', message: 'no' } });
  return scheduler;
}

const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;

it('a dead letter that is requeued is to its client what the first was: it is told, and may cancel it', async () => {
  const { ask, table } = await buried();
  const id = await idOf(await ask('POST', `/queues/${QUEUE}/dead-letters/first/requeue`));
  const carried = { rerun_of: 'first', external_id: '7', callback_href: HREF, priority: 'high' };
  expect(await table.find(id)).toMatchObject(carried);
  await ask('POST', '/cancel_tasks', { bs_task_ids: [7] });
  expect(await table.find(id)).toMatchObject({ state: 'finished', verdict: 'cancelled' });
});

it('a task that is run again is as urgent as the first, and no business of its client', async () => {
  const { ask, table } = await buried();
  const id = await idOf(await ask('POST', '/tasks/first/rerun'));
  const carried = { rerun_of: 'first', external_id: null, callback_href: null, priority: 'high' };
  expect(await table.find(id)).toMatchObject(carried);
});
