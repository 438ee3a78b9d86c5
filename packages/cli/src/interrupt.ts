import { EXIT } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Asks for a test to end; disposing gives the signals back. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** Resolves when the signal aborts. */
  readonly happened: Promise<void>;
}

/**
 * Ctrl-C (or SIGTERM, SIGHUP) once: `signal` aborts, so that tests clean up and report. Twice: the process leaves now,
 * and the next reaping takes away what it leaves.
 * @param onFirst told when that happens, to say what goes on
 */
export function interruptible(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  controller.signal.addEventListener('abort', () => resolve(), { once: true });
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    onFirst();
    controller.abort(new Error('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    happened,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
