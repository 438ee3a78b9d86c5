import { expect, it } from 'vitest';
import type { TaskEvent } from '../contracts/broadcast.ts';
import { memoryBroadcast } from './memory-broadcast.ts';

// That it keeps the contract is proved in packages/testkit; here is what only this broadcast has.

const cancel = (reason: string): TaskEvent => ({ kind: 'cancel', taskId: 'task', reason });
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('drops what is more than ten thousand events in one go', async () => {
  await using broadcast = memoryBroadcast();
  const seen: TaskEvent[] = [];
  broadcast.on('task', (event) => seen.push(event));
  for (let index = 0; index < 10_050; index += 1) broadcast.emit(cancel(`${index}`));
  await turn();
  expect(seen).toHaveLength(10_000);
  expect(seen.at(-1)).toEqual(cancel('9999'));
});

it('gives each listener an event of its own', async () => {
  await using broadcast = memoryBroadcast();
  const seen: TaskEvent[] = [];
  broadcast.on('task', (event) => seen.push(event));
  broadcast.on('task', (event) => seen.push(event));
  broadcast.emit(cancel('one'));
  await turn();
  expect(seen).toEqual([cancel('one'), cancel('one')]);
  expect(seen[0]).not.toBe(seen[1]);
});

it('takes no notice of a listener that fails later', async () => {
  await using broadcast = memoryBroadcast();
  broadcast.on('task', async () => {
    throw new Error('later');
  });
  broadcast.emit(cancel('one'));
  await turn(); // an unhandled rejection would fail this test
});

it('lets the same function listen twice, and stop once', async () => {
  await using broadcast = memoryBroadcast();
  let calls = 0;
  const listener = () => {
    calls += 1;
  };
  const first = broadcast.on('task', listener);
  broadcast.on('task', listener);
  await first[Symbol.asyncDispose]();
  broadcast.emit(cancel('one'));
  await turn();
  expect(calls).toBe(1);
});
