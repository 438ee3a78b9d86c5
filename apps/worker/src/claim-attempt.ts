import { createHash, randomUUID } from 'node:crypto';
import type { SpoolingStore } from './spooling-store.ts';

/**
 * Notes in the store who makes an attempt (`attempt-2.json`), and says what the names of its artifacts are to begin with,
 * so that it writes over nothing of another attempt: nothing for the first, `attempt-2.` for the second. A twin, which is
 * the same attempt delivered to two workers, finds the note of the other, and gets names of its own; so does one that
 * cannot look, for the store is not there.
 */
export async function claimAttempt(
  store: SpoolingStore,
  { taskId, attempt, worker }: { readonly taskId: string; readonly attempt: number; readonly worker: string },
): Promise<string> {
  const note = Buffer.from(
    `${JSON.stringify({ taskId, attempt, worker, id: randomUUID(), startedAt: new Date().toISOString() })}\n`,
  );
  const twin = `attempt-${attempt}-${randomUUID().slice(0, 8)}.`;
  try {
    const { sha256 } = await store.put({ taskId, name: `attempt-${attempt}.json` }, once(note), { once: true });
    // A note on this disk is seen by nobody else, and whoever comes first to the store wins.
    if (store.isWaiting(taskId) || sha256 !== createHash('sha256').update(note).digest('hex')) return twin;
    return attempt === 1 ? '' : `attempt-${attempt}.`;
  } catch {
    return twin;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
