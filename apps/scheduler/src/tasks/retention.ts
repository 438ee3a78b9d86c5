import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';

export interface RetentionOptions {
  /** Since the end of a task; at least a minute. */
  readonly expiresAfterMs: number;
  /** How often it is looked; default a minute. */
  readonly everyMs?: number;
}

/** How many tasks are removed before it is looked again. */
const BATCH = 100;
const SIDE_BY_SIDE = 4;
const MINUTE = 60_000;

type RetentionParts = Pick<SchedulerParts, 'table' | 'store' | 'log'>;

/**
 * Forgets tasks a while after their end: what the store has of them first, then their rows, so that what a scheduler that
 * dies in between leaves is found again. Several schedulers may do the same at once.
 */
export class Retention implements AsyncDisposable {
  readonly #parts: RetentionParts;
  readonly #options: Required<RetentionOptions>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** @throws {AltsError} `invalid_request` for a store that removes nothing */
  constructor(parts: RetentionParts, options: RetentionOptions) {
    if (!parts.store.remove) {
      throw new AltsError('invalid_request', 'expiresAfter: this store removes nothing; leave it out, or use another');
    }
    this.#parts = parts;
    this.#options = { everyMs: MINUTE, ...options };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const removed = await this.#removeSome().catch((error: unknown) => {
        if (!signal.aborted) this.#parts.log.warn({ error }, 'tasks that have expired cannot be removed; trying again');
        return 0;
      });
      if (removed < BATCH) await sleep(this.#options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns how many */
  async #removeSome(): Promise<number> {
    const { table, store } = this.#parts;
    const { signal } = this.#stop;
    const ids = await table.finishedBefore(new Date(Date.now() - this.#options.expiresAfterMs), BATCH);
    for (let at = 0; at < ids.length; at += SIDE_BY_SIDE) {
      const some = ids.slice(at, at + SIDE_BY_SIDE);
      await Promise.all(some.map((id) => store.remove?.(id, { signal })));
      await table.forget(some);
    }
    return ids.length;
  }
}
