import assert from 'node:assert/strict';
import type { Delivery, TaskMessage } from '@alts/sdk/plugin';
import { collect, eventually, rejectsWithCode, rejectsWithReason, within } from '../expectations.ts';
import { aTask, consumeUntil, type QueueCase } from './queue-subject.ts';

/** What a queue has to take; one of AMQP has room for a little more, which it needs for itself. */
const MAX_NAME_BYTES = 200;

export const publishingCases: readonly QueueCase[] = [
  {
    name: 'says its contract',
    run: async ({ queue }) => assert.equal(queue.contract, 'queue/1'),
  },
  {
    name: 'delivers what was published before anybody consumed, as it was, as the first attempt',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const task = aTask('libstdc++6');
      await within('publish', queue.publish(name, task));
      const got = Promise.withResolvers<{ message: TaskMessage; delivery: Delivery }>();
      await queue.consume(
        [name],
        async (message, delivery) => {
          got.resolve({ message, delivery });
          return 'done';
        },
        { concurrency: 1 },
      );
      const { message, delivery } = await within('the delivery', got.promise);
      assert.deepEqual(message, task);
      assert.equal(delivery.attempt, 1);
      assert.equal(delivery.lost.aborted, false, 'lost must not be aborted');
    },
  },
  {
    name: 'delivers what was published while somebody consumed',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const task = aTask();
      const seen = consumeUntil(queue, name, task.taskId);
      await queue.publish(name, task);
      assert.deepEqual(await within('the delivery', seen), [task.taskId]);
    },
  },
  {
    name: 'keeps the message as it was when it was published',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const task = aTask();
      const before = task.taskId;
      await queue.publish(name, task);
      task.taskId = 'changed-afterwards';
      const seen = await within('the delivery', consumeUntil(queue, name, before));
      assert.deepEqual(seen, [before]);
    },
  },
  {
    name: 'refuses what is not a task message, and delivers none of it',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const broken = { ...aTask(), taskId: '../../etc' };
      await rejectsWithCode('publish', 'invalid_request', queue.publish(name, broken));
      const sentinel = aTask();
      await queue.publish(name, sentinel);
      const seen = await within('the next message', consumeUntil(queue, name, sentinel.taskId));
      assert.deepEqual(seen, [sentinel.taskId]);
    },
  },
  {
    name: 'rejects with the reason when the signal was aborted before, and delivers nothing',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const reason = new Error('changed my mind');
      const publishing = queue.publish(name, aTask(), { signal: AbortSignal.abort(reason) });
      await rejectsWithReason('publish', reason, publishing);
      const sentinel = aTask();
      await queue.publish(name, sentinel);
      const seen = await within('the next message', consumeUntil(queue, name, sentinel.taskId));
      assert.deepEqual(seen, [sentinel.taskId]);
    },
  },
  {
    name: 'says queue_unavailable after it was disposed',
    run: async ({ queue, queueName }) => {
      await queue[Symbol.asyncDispose]();
      await rejectsWithCode('publish', 'queue_unavailable', queue.publish(queueName(), aTask()));
    },
  },
  {
    name: 'delivers what is of high priority first, in its order, and then the rest',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const tasks = [aTask(), aTask(), aTask(), aTask()];
      const [first, second, third, last] = tasks.map(({ taskId }) => taskId);
      for (const [at, task] of tasks.entries()) {
        await queue.publish(name, task, { priority: at === 1 || at === 2 ? 'high' : 'normal' });
      }
      const seen = await within('all four', consumeUntil(queue, name, last ?? ''));
      assert.deepEqual(seen, [second, third, first, last]);
    },
  },
  {
    name: 'takes names of up to 200 bytes, and refuses others as invalid_request, for whatever is asked',
    run: async ({ queue, queueName }) => {
      const name = queueName().padEnd(MAX_NAME_BYTES, 'x');
      const task = aTask();
      await queue.publish(name, task);
      assert.deepEqual(await within('the delivery', consumeUntil(queue, name, task.taskId)), [task.taskId]);
      for (const wrong of ['', `${name}x`, 'ü'.repeat(MAX_NAME_BYTES / 2 + 1)]) {
        const done = async () => 'done' as const;
        const asking: Record<string, () => Promise<unknown>> = {
          publish: () => queue.publish(wrong, aTask()),
          consume: () => queue.consume([name, wrong], done, { concurrency: 1 }),
          deadLetters: () => collect(queue.deadLetters(wrong)),
          settleDeadLetter: () => queue.settleDeadLetter(wrong, task.taskId, 'remove'),
          depth: () => queue.depth(wrong),
        };
        for (const [method, ask] of Object.entries(asking)) await rejectsWithCode(method, 'invalid_request', ask());
      }
    },
  },
  {
    name: 'counts what waits',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      assert.deepEqual(await queue.depth(name), { waiting: 0, retrying: 0, dead: 0 });
      for (const _ of [1, 2, 3]) await queue.publish(name, aTask());
      await eventually('three that wait', async () => (await queue.depth(name)).waiting === 3);
    },
  },
];
