import type { Bytes } from '../contracts/environment.ts';

/** The same content; an abort ends it at once, even while its source is silent. */
export async function* abortable(content: Bytes, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (!signal) {
    yield* content;
    return;
  }
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const source = content[Symbol.asyncIterator]();
  let ended = false;
  try {
    while (true) {
      signal.throwIfAborted();
      const next = await Promise.race([source.next(), aborted.promise]);
      ended = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that is silent would hold the abort back.
    if (!ended) void Promise.resolve(source.return?.()).catch(() => undefined);
  }
}
