import { setTimeout as sleep } from 'node:timers/promises';

/** Does something again and again, with a pause in between, until it is disposed of. It has to catch its own errors. */
export function repeat(everyMs: number, work: (signal: AbortSignal) => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) await work(stop.signal);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
