import { setTimeout as sleep } from 'node:timers/promises';

/** `serialization_failure` and `deadlock_detected` of PostgreSQL: nothing was changed, and the same may work now. */
const CONFLICTS = ['40001', '40P01'];
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 10;

/**
 * Does it again when the database has given it up for another's sake. The pauses are random, so that two that met do not
 * meet again.
 * @throws what `work` throws: another error at once, a conflict after six tries
 */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MAX_TRIES || !isConflict(error)) throw error;
      await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONFLICTS.includes(String(error.code));
}
