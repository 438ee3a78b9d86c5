import assert from 'node:assert/strict';
import type { DeadLetter, Queue } from '@alts/sdk/plugin';
import { collect, eventually, within } from '../expectations.ts';
import { aTask, type QueueCase } from './queue-subject.ts';

async function deadLetters(queue: Queue, name: string, count: number): Promise<DeadLetter[]> {
  let letters: DeadLetter[] = [];
  await eventually(`${count} dead letters`, async () => {
    letters = await collect(queue.deadLetters(name));
    return letters.length >= count;
  });
  return letters;
}

export const deadLetterCases: readonly QueueCase[] = [
  {
    name: 'has none before anything went wrong',
    run: async ({ queue, queueName }) => assert.deepEqual(await collect(queue.deadLetters(queueName())), []),
  },
  {
    name: 'makes a rejected task a dead letter at once, with the reason',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const task = aTask();
      let deliveries = 0;
      await queue.publish(name, task);
      await queue.consume(
        [name],
        async () => {
          deliveries += 1;
          return { reject: 'no such runner here' };
        },
        { concurrency: 1 },
      );
      const [letter, ...others] = await deadLetters(queue, name, 1);
      assert.deepEqual(letter, { message: task, reason: 'no such runner here', attempts: 1 });
      assert.deepEqual(others, []);
      assert.equal(deliveries, 1);
    },
  },
  {
    name: 'gives up after the limit of attempts, counted from 1 without a gap, and says why',
    run: async ({ queue, queueName, maxAttempts }) => {
      const name = queueName();
      const task = aTask();
      const attempts: number[] = [];
      await queue.publish(name, task);
      await queue.consume(
        [name],
        async (_message, delivery) => {
          attempts.push(delivery.attempt);
          return 'retry';
        },
        { concurrency: 1 },
      );
      const [letter] = await deadLetters(queue, name, 1);
      assert.deepEqual(
        attempts,
        Array.from({ length: maxAttempts }, (_, index) => index + 1),
      );
      assert.deepEqual(letter?.message, task);
      assert.equal(letter?.attempts, maxAttempts);
      assert.notEqual(letter?.reason, '');
    },
  },
  {
    name: 'lists them oldest first, leaves them where they are, and keeps queues apart',
    run: async ({ queue, queueName }) => {
      const [name, other] = [queueName('a'), queueName('b')];
      await queue.consume([name], async ({ taskId }) => ({ reject: taskId }), { concurrency: 1 });
      const tasks = [aTask(), aTask(), aTask()].map(({ taskId }) => taskId);
      for (const [index, taskId] of tasks.entries()) {
        await queue.publish(name, { ...aTask(), taskId });
        await deadLetters(queue, name, index + 1);
      }
      for (const _ of ['first reading', 'second reading']) {
        const letters = await collect(queue.deadLetters(name));
        assert.deepEqual(
          letters.map(({ reason }) => reason),
          tasks,
        );
      }
      assert.deepEqual(await collect(queue.deadLetters(other)), []);
    },
  },
  {
    name: 'puts one back among the tasks, as one that was never tried, and removes another',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const [back, gone, stays] = [aTask(), aTask(), aTask()];
      const rejecting = await queue.consume([name], async () => ({ reject: 'no' }), { concurrency: 1 });
      for (const [index, task] of [back, gone, stays].entries()) {
        await queue.publish(name, task);
        await deadLetters(queue, name, index + 1);
      }
      await rejecting[Symbol.asyncDispose]();
      assert.deepEqual(await queue.depth(name), { waiting: 0, retrying: 0, dead: 3 });
      assert.equal(await queue.settleDeadLetter(name, back.taskId, 'requeue'), true);
      assert.equal(await queue.settleDeadLetter(name, gone.taskId, 'remove'), true);
      assert.equal(await queue.settleDeadLetter(name, gone.taskId, 'remove'), false);
      const attempts: number[] = [];
      const again = Promise.withResolvers<string>();
      await queue.consume(
        [name],
        async ({ taskId }, { attempt }) => {
          attempts.push(attempt);
          again.resolve(taskId);
          return 'done';
        },
        { concurrency: 1 },
      );
      assert.equal(await within('the requeued task', again.promise), back.taskId);
      assert.deepEqual(attempts, [1]);
      const left = await collect(queue.deadLetters(name));
      assert.deepEqual(
        left.map(({ message }) => message?.taskId),
        [stays.taskId],
      );
    },
  },
];
