import assert from 'node:assert/strict';
import type { TaskHandler } from '@alts/sdk/plugin';
import { within } from '../expectations.ts';
import { aTask, consumeUntil, type QueueCase, type QueueSubject } from './queue-subject.ts';

/** How long others need to look is up to the machine: a consumer that rests in between passes a task less often meanwhile. */
const MANY_PASSES = 10;

/** Answers the first delivery with `first`, later ones with `done`; says which attempts it saw. */
async function attemptsAfter({ queue, queueName }: QueueSubject, first: () => ReturnType<TaskHandler>) {
  const name = queueName();
  const attempts: number[] = [];
  const second = Promise.withResolvers<void>();
  await queue.publish(name, aTask());
  await queue.consume(
    [name],
    async (_message, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length === 1) return await first();
      second.resolve();
      return 'done';
    },
    { concurrency: 1 },
  );
  await within('the second delivery', second.promise);
  return attempts;
}

export const consumingCases: readonly QueueCase[] = [
  {
    name: 'forgets a task when its handler answers done',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const [task, sentinel] = [aTask(), aTask()];
      await queue.publish(name, task);
      await within('the delivery', consumeUntil(queue, name, task.taskId));
      await queue.publish(name, sentinel);
      assert.deepEqual(await within('the next', consumeUntil(queue, name, sentinel.taskId)), [sentinel.taskId]);
    },
  },
  {
    name: 'delivers again when the handler answers retry, and counts the attempts',
    run: async (subject) => assert.deepEqual(await attemptsAfter(subject, async () => 'retry'), [1, 2]),
  },
  {
    name: 'delivers again when the handler throws',
    run: async (subject) => {
      const attempts = await attemptsAfter(subject, async () => {
        throw new Error('broken handler');
      });
      assert.deepEqual(attempts, [1, 2]);
    },
  },
  {
    name: 'gives what a handler passes to another consumer, and does not count it',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const task = aTask();
      const other = Promise.withResolvers<number>();
      const attempts: number[] = [];
      const takeByOther: TaskHandler = async (_message, { attempt }) => {
        other.resolve(attempt);
        return 'done';
      };
      await queue.publish(name, task);
      await queue.consume(
        [name],
        async (_message, { attempt }) => {
          attempts.push(attempt);
          if (attempts.length === 1) await queue.consume([name], takeByOther, { concurrency: 1 });
          return attempts.length < MANY_PASSES ? 'pass' : 'done';
        },
        { concurrency: 1 },
      );
      assert.equal(await within('the other consumer', other.promise), 1);
      assert.ok(
        attempts.every((attempt) => attempt === 1),
        `what was passed was counted: ${attempts}`,
      );
    },
  },
  {
    name: 'gives what a handler passes to the same consumer where there is no other, before what waits',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const [first, second] = [aTask(), aTask()];
      const seen: string[] = [];
      const all = Promise.withResolvers<void>();
      for (const task of [first, second]) await queue.publish(name, task);
      await queue.consume(
        [name],
        async ({ taskId }, { attempt }) => {
          seen.push(`${taskId} ${attempt}`);
          if (seen.length === 3) all.resolve();
          return seen.length === 1 ? 'pass' : 'done';
        },
        { concurrency: 1 },
      );
      await within('three deliveries', all.promise);
      assert.deepEqual(seen, [`${first.taskId} 1`, `${first.taskId} 1`, `${second.taskId} 1`]);
    },
  },
  {
    name: 'takes as many messages at a time as it may, of all queues together, and not one more',
    run: async ({ queue, queueName }) => {
      const names = [queueName('a'), queueName('b'), queueName('c')];
      for (const name of names) for (const _ of [1, 2]) await queue.publish(name, aTask());
      const twoAtOnce = Promise.withResolvers<void>();
      const all = Promise.withResolvers<void>();
      let [running, most, finished] = [0, 0, 0];
      const elsewhere = queueName('elsewhere');
      const handler: TaskHandler = async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 2) twoAtOnce.resolve();
        await twoAtOnce.promise;
        // Confirmed publishes: a backend that had sent a third message has delivered it by then.
        for (const _ of [1, 2, 3]) await queue.publish(elsewhere, aTask());
        running -= 1;
        finished += 1;
        if (finished === 6) all.resolve();
        return 'done';
      };
      await queue.consume(names, handler, { concurrency: 2 });
      await within('two handlers at once', twoAtOnce.promise);
      await within('all six tasks', all.promise);
      assert.equal(most, 2, 'handlers that ran at the same time');
    },
  },
  {
    name: 'takes nothing from a queue that was not named',
    run: async ({ queue, queueName }) => {
      const [named, other] = [queueName('named'), queueName('other')];
      const [mine, theirs] = [aTask(), aTask()];
      await queue.publish(other, theirs);
      await queue.publish(named, mine);
      assert.deepEqual(await within('the delivery', consumeUntil(queue, named, mine.taskId)), [mine.taskId]);
      assert.deepEqual(await within('the other', consumeUntil(queue, other, theirs.taskId)), [theirs.taskId]);
    },
  },
  {
    name: 'gives each task to one of two consumers',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const tasks = Array.from({ length: 10 }, () => aTask().taskId);
      const seen: string[] = [];
      const all = Promise.withResolvers<void>();
      const handler: TaskHandler = async ({ taskId }) => {
        seen.push(taskId);
        if (new Set(seen).size === tasks.length) all.resolve();
        return 'done';
      };
      await queue.consume([name], handler, { concurrency: 2 });
      await queue.consume([name], handler, { concurrency: 2 });
      for (const taskId of tasks) await queue.publish(name, { ...aTask(), taskId });
      await within('all ten tasks', all.promise);
      assert.deepEqual(seen.toSorted(), tasks.toSorted());
    },
  },
  {
    name: 'waits for the running handler when a consumer is disposed, takes nothing more, and loses nothing',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const [first, second] = [aTask(), aTask()];
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const order: string[] = [];
      const handler: TaskHandler = async () => {
        started.resolve();
        await finish.promise;
        order.push('handler answered');
        return 'done';
      };
      const consumer = await queue.consume([name], handler, { concurrency: 1 });
      await queue.publish(name, first);
      await queue.publish(name, second);
      await within('the first delivery', started.promise);
      const disposed = consumer[Symbol.asyncDispose]().then(() => order.push('disposed'));
      // A round trip through the backend, in which a hasty disposal would come to its end.
      await queue.publish(queueName('elsewhere'), aTask());
      finish.resolve();
      await within('the disposal', disposed);
      assert.deepEqual(order, ['handler answered', 'disposed']);
      assert.deepEqual(await within('the rest', consumeUntil(queue, name, second.taskId)), [second.taskId]);
    },
  },
  {
    name: 'waits for the running handlers when the queue itself is disposed',
    run: async ({ queue, queueName }) => {
      const name = queueName();
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const order: string[] = [];
      const handler: TaskHandler = async () => {
        started.resolve();
        await finish.promise;
        order.push('handler answered');
        return 'done';
      };
      await queue.consume([name], handler, { concurrency: 1 });
      await queue.publish(name, aTask());
      await within('the delivery', started.promise);
      const disposed = queue[Symbol.asyncDispose]().then(() => order.push('disposed'));
      await new Promise((resolve) => setImmediate(resolve));
      finish.resolve();
      await within('the disposal', disposed);
      assert.deepEqual(order, ['handler answered', 'disposed']);
    },
  },
];
