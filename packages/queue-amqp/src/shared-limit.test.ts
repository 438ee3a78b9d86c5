import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NotInTime } from './in-time.ts';
import { SharedLimit } from './shared-limit.ts';

const never = () => new Promise<never>(() => undefined);
const abortListeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

it('gives each the same time, from when it came', async () => {
  const limit = new SharedLimit(200);
  const started = performance.now();
  const waited = async () => {
    await expect(limit.inTime(never())).rejects.toBeInstanceOf(NotInTime);
    return performance.now() - started;
  };
  const first = waited();
  await sleep(100);
  const second = waited();
  expect(await first).toBeGreaterThanOrEqual(199);
  expect(await second).toBeGreaterThanOrEqual(299);
});

it('passes answers on, good and bad, and is not disturbed by those that come too late', async () => {
  const limit = new SharedLimit(20);
  expect(await limit.inTime(Promise.resolve('good'))).toBe('good');
  await expect(limit.inTime(Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  const late = Promise.withResolvers<void>();
  await expect(limit.inTime(late.promise)).rejects.toBeInstanceOf(NotInTime);
  late.reject(new Error('late'));
  // A rejection that nobody handles would end the process by now.
  await sleep(10);
});

it('refuses those whose signal aborts, with its reason, and nobody else', async () => {
  const limit = new SharedLimit(10_000);
  const [mine, other] = [new AbortController(), new AbortController()];
  const answer = Promise.withResolvers<string>();
  const aborted = Promise.allSettled([1, 2].map(() => limit.inTime(never(), mine.signal)));
  const others = Promise.all([limit.inTime(answer.promise, other.signal), limit.inTime(answer.promise)]);
  mine.abort('enough');
  const refused = { status: 'rejected', reason: 'enough' };
  expect(await aborted).toEqual([refused, refused]);
  await expect(limit.inTime(never(), mine.signal)).rejects.toBe('enough');
  answer.resolve('here');
  expect(await others).toEqual(['here', 'here']);
});

it('has one timer and one listener for thousands, and none when all have their answers', async () => {
  const limit = new SharedLimit(10_000);
  const { signal } = new AbortController();
  const answer = Promise.withResolvers<void>();
  const before = timers();
  const waiting = Array.from({ length: 5000 }, () => limit.inTime(answer.promise, signal));
  expect([abortListeners(signal), timers() - before]).toEqual([1, 1]);
  answer.resolve();
  await Promise.all(waiting);
  expect([abortListeners(signal), timers() - before]).toEqual([0, 0]);
});
