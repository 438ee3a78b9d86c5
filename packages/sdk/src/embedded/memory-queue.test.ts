import { expect, it } from 'vitest';
import { TaskMessage } from '../contracts/queue.ts';
import { memoryQueue } from './memory-queue.ts';

// That it keeps the contract is proved in packages/testkit; here is what only this queue has.

const task = (taskId: string) =>
  TaskMessage.parse({ schemaVersion: 1, taskId, request: { package: { name: 'hello' }, system: 'debian:12' } });

it.each([0, -1, 1.5, Number.NaN])('refuses %s as the number of attempts', (maxAttempts) => {
  expect(() => memoryQueue({ maxAttempts })).toThrow(`maxAttempts: ${maxAttempts} is not a whole number of at least 1`);
});

it('gives up after three attempts unless told otherwise', async () => {
  await using queue = memoryQueue();
  const third = Promise.withResolvers<void>();
  await queue.consume(
    ['q'],
    async (_message, { attempt }) => {
      if (attempt === 3) third.resolve();
      throw new Error('no mirror');
    },
    { concurrency: 1 },
  );
  await queue.publish('q', task('a'));
  await third.promise;
  await new Promise((resolve) => setImmediate(resolve));
  const [letter] = await Array.fromAsync(queue.deadLetters('q'));
  expect(letter).toMatchObject({ attempts: 3, reason: 'gave up after 3 attempts: no mirror' });
});

it.each(['', 'x'.repeat(201), 'ü'.repeat(101)])('refuses a name that AMQP would refuse: %s', async (name) => {
  await using queue = memoryQueue();
  await expect(queue.publish(name, task('a'))).rejects.toMatchObject({ code: 'invalid_request' });
});

it('refuses what JSON cannot hold', async () => {
  await using queue = memoryQueue();
  const round: Record<string, unknown> = { ...task('a') };
  round['self'] = round;
  await expect(queue.publish('q', round as TaskMessage)).rejects.toMatchObject({ code: 'invalid_request' });
});

it('refuses consumers that could take nothing', async () => {
  await using queue = memoryQueue();
  const done = async () => 'done' as const;
  await expect(queue.consume(['q'], done, { concurrency: 0 })).rejects.toThrow('concurrency: 0');
  await expect(queue.consume([], done, { concurrency: 1 })).rejects.toThrow('queues: none');
});

it('lets queues take turns: a long one does not starve the others', async () => {
  await using queue = memoryQueue();
  for (const id of ['a1', 'a2', 'a3']) await queue.publish('a', task(id));
  await queue.publish('b', task('b1'));
  const seen: string[] = [];
  const all = Promise.withResolvers<void>();
  await queue.consume(
    ['a', 'b'],
    async ({ taskId }) => {
      if (seen.push(taskId) === 4) all.resolve();
      return 'done';
    },
    { concurrency: 1 },
  );
  await all.promise;
  expect(seen).toEqual(['a1', 'b1', 'a2', 'a3']);
});

it('takes an answer that is none for a retry', async () => {
  await using queue = memoryQueue({ maxAttempts: 1 });
  await queue.publish('q', task('a'));
  const ran = Promise.withResolvers<void>();
  await queue.consume(
    ['q'],
    async () => {
      ran.resolve();
      return undefined as never;
    },
    { concurrency: 1 },
  );
  await ran.promise;
  await new Promise((resolve) => setImmediate(resolve));
  const [letter] = await Array.fromAsync(queue.deadLetters('q'));
  expect(letter?.reason).toBe('gave up after 1 attempt: it answered undefined');
});
