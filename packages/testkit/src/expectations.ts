import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { AltsError, type Bytes, type ErrorCode } from '@alts/sdk/plugin';

/** How long something that must happen may take until the case says that it did not. */
const LIMIT_MS = 20_000;

/** The promise itself, or a failure that says what never happened. */
export async function within<T>(what: string, promise: PromiseLike<T>, limitMs = LIMIT_MS): Promise<T> {
  const stop = new AbortController();
  const late = delay(limitMs, undefined, { signal: stop.signal }).then(() => {
    throw new assert.AssertionError({ message: `${what}: not within ${limitMs / 1000} s` });
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}

/** Asks again until the answer is true: for states that a backend reaches on its own. */
export async function eventually(what: string, holds: () => Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`${what}: not within ${limitMs / 1000} s`);
    await delay(20);
  }
}

export async function rejection(what: string, promise: Promise<unknown>): Promise<unknown> {
  try {
    await within(what, promise);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return error;
  }
  return assert.fail(`${what}: it resolved, and should reject`);
}

/** Rejects with an AltsError of that code and a message. */
export async function rejectsWithCode(what: string, code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  const error = await rejection(what, promise);
  assert.ok(AltsError.is(error), `${what}: ${String(error)} is thrown, and should be an AltsError`);
  assert.equal(error.code, code, `${what}: the code of the error (its message: ${error.message})`);
  assert.notEqual(error.message, '', `${what}: the error has no message`);
}

/** Rejects with the very reason of the signal. */
export async function rejectsWithReason(what: string, reason: unknown, promise: Promise<unknown>): Promise<void> {
  const error = await rejection(what, promise);
  assert.equal(error, reason, `${what}: rejects with the signal's reason, not with ${String(error)}`);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(items);
}

export async function bytesOf(content: Bytes): Promise<Buffer> {
  return Buffer.concat(await collect(content));
}

/** Content of one or more pieces. */
export async function* pieces(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}
