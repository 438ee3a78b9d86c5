import { AltsError } from '@alts/sdk/plugin';

/** How many are committed together; more only where they came together. */
const MAX_BATCH = 500;

interface Waiting<T> {
  readonly items: readonly T[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits what comes while the last commit is under way together: waiting for the disk is what a commit costs, and one
 * wait does for hundreds. What is added together is committed together, or none of it; it is refused alone when it spoils
 * its batch. Where the table is not there, all of a batch are refused: each would wait for it as long as the first did.
 */
export class GroupCommit<T> {
  readonly #commit: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #running = false;

  constructor(commit: (items: readonly T[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Resolves when all of them are committed. */
  add(items: readonly T[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ items, done: resolve, failed: reject });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What comes in the same turn of the event loop goes with the first.
    await new Promise((next) => setImmediate(next));
    while (this.#waiting.length > 0) await this.#commitBatch(this.#next());
    this.#running = false;
  }

  #next(): Waiting<T>[] {
    let [count, size] = [0, 0];
    for (const { items } of this.#waiting) {
      size += items.length;
      if (count > 0 && size > MAX_BATCH) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commitBatch(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#commit(batch.flatMap(({ items }) => items));
      for (const { done } of batch) done();
    } catch (error) {
      const isAway = AltsError.is(error) && error.code === 'store_unavailable';
      if (isAway || batch.length === 1) for (const { failed } of batch) failed(error);
      else for (const one of batch) await this.#commitBatch([one]);
    }
  }
}
