import { setTimeout as sleep } from 'node:timers/promises';

/** Something that is done again and again. Disposing ends that, and waits for what is under way. */
export interface Repetition extends AsyncDisposable {
  /** Resolves when it was done once. */
  readonly first: Promise<void>;
}

/** Does something at once, and again and again with a pause in between. It has to catch its own errors. */
export function repeat(everyMs: number, work: (signal: AbortSignal) => Promise<void>): Repetition {
  const stop = new AbortController();
  const first = work(stop.signal);
  const running = (async () => {
    await first;
    while (!stop.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) await work(stop.signal);
    }
  })();
  return {
    first,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
