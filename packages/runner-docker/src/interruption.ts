import type { ExecOptions } from '@alts/sdk/plugin';

/** The first of time limit and abort, as a promise; disposing lets go of both. */
export interface Interruption extends Disposable {
  readonly promise: Promise<'time-limit' | 'abort'>;
  readonly happened: boolean;
}

export function interruption({ signal, timeoutMs }: ExecOptions): Interruption {
  const { promise, resolve } = Promise.withResolvers<'time-limit' | 'abort'>();
  let happened = false;
  const interrupt = (how: 'time-limit' | 'abort'): void => {
    happened = true;
    resolve(how);
  };
  const onAbort = (): void => interrupt('abort');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => interrupt('time-limit'), timeoutMs);
  return {
    promise,
    get happened() {
      return happened;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
