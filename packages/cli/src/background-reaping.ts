import { AltsError, type Runner, reap, removeAbandonedDirectories } from '@alts/sdk';

/** How long the end of the command waits for a reaping that is still under way. */
const FINISH_MS = 5000;

/** A reaping that goes on beside the tests. */
export interface BackgroundReaping {
  /** Waits for it, for a short while. Never rejects. */
  finish(): Promise<void>;
}

/**
 * Starts removing what killed processes left behind. That it could not be done is worth a note, not a verdict.
 * @param note told what was removed, and what went wrong
 */
export function reapInBackground(runner: Runner, note: (line: string) => void): BackgroundReaping {
  const controller = new AbortController();
  const environments = reap(runner, { signal: controller.signal }).then(
    ({ removed, failed }) => {
      if (removed.length > 0) note(`removed ${removed.length} abandoned: ${removed.join(', ')}`);
      for (const { id, error } of failed) note(`could not remove the abandoned ${id}: ${error.message}`);
    },
    (error: unknown) => {
      const { code, message } = AltsError.from(error);
      // Of a runner that does not answer the test itself speaks, with a verdict.
      if (!controller.signal.aborted && code !== 'runner_unavailable') note(`could not look for abandoned: ${message}`);
    },
  );
  const done = Promise.all([environments, removeAbandonedDirectories()]);
  return {
    async finish() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        controller.abort(new Error('the command ends'));
        resolve();
      }, FINISH_MS);
      await Promise.race([done, late]);
      clearTimeout(timer);
    },
  };
}
