/** The broker has not answered within the time that there is. */
export class NotInTime extends Error {
  constructor() {
    super('the broker did not answer in time');
  }
}

/**
 * Rejects with the reason of `limit` when that aborts before there is an answer, which nobody waits for any more then.
 */
export async function inTime<T>(answer: Promise<T>, limit: AbortSignal): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(limit.reason);
  if (limit.aborted) onAbort();
  else limit.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, over]);
  } finally {
    limit.removeEventListener('abort', onAbort);
  }
}

/**
 * Does work that has to end within `ms` milliseconds, or before `signal` aborts; what it is given aborts then.
 * @throws {NotInTime}
 */
export async function within<T>(
  ms: number,
  work: (limit: AbortSignal) => Promise<T>,
  signal?: AbortSignal | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  // Not AbortSignal.timeout(), whose timer stays for as long as it has: there are thousands of publishes in a second.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new NotInTime()), ms);
  const onAbort = () => limit.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await inTime(work(limit.signal), limit.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
