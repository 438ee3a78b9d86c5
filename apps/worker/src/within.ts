import { AltsError } from '@alts/sdk';

/**
 * Some work with a limit, which may also be called off: the work is told by its own signal, and not waited for if it does
 * not listen.
 * @throws {AltsError} `time_limit` when it takes longer; the reason of `signal` when that aborts; what the work throws
 */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const { promise: calledOff, reject } = Promise.withResolvers<never>();
  // Before the work listens, so that what it makes of the abort comes second.
  over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true });
  const callOff = () => over.abort(signal?.reason);
  signal?.addEventListener('abort', callOff, { once: true });
  const timer = setTimeout(
    () => over.abort(new AltsError('time_limit', `no answer within ${limitMs / 1000} s`)),
    limitMs,
  );
  try {
    return await Promise.race([work(over.signal), calledOff]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', callOff);
  }
}
