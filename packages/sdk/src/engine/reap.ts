import type { Abortable } from '../contracts/environment.ts';
import { AltsError, type SerializedError, serializeError } from '../contracts/errors.ts';
import type { Lease, Runner } from '../contracts/runner.ts';
import { ownerState } from '../machine/owner.ts';

export interface ReapOptions extends Abortable {
  /** Told of each environment that was removed, as it happens. */
  readonly onRemoved?: ((id: string, lease: Lease) => void) | undefined;
}

/** What a reaping found. */
export interface ReapResult {
  readonly removed: readonly string[];
  /** How many environments are still in use, and were left alone. */
  readonly inUse: number;
  readonly failed: readonly { readonly id: string; readonly error: SerializedError }[];
}

/** True for an environment that nobody will end any more: past its deadline, or its owner is dead. */
export function isAbandoned(lease: Lease, now: Date = new Date()): boolean {
  return lease.deadline.getTime() <= now.getTime() || ownerState(lease.owner) === 'dead';
}

/**
 * Removes the environments that killed processes left behind, and only those: never one whose owner is alive.
 * @throws {AltsError} when the runner cannot be asked; an environment that cannot be removed is in `failed`
 */
export async function reap(runner: Runner, options: ReapOptions = {}): Promise<ReapResult> {
  const { signal, onRemoved } = options;
  const removed: string[] = [];
  const failed: { id: string; error: SerializedError }[] = [];
  let inUse = 0;
  for await (const { id, lease } of runner.list({ signal })) {
    if (!isAbandoned(lease)) {
      inUse += 1;
      continue;
    }
    try {
      await runner.remove(id, { signal });
      removed.push(id);
      onRemoved?.(id, lease);
    } catch (error) {
      failed.push({ id, error: serializeError(AltsError.from(error)) });
    }
  }
  return { removed, inUse, failed };
}
