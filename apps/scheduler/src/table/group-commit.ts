/** How many are committed together at most. */
const MAX_BATCH = 500;

interface Waiting<T> {
  readonly item: T;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits what comes while the last commit is under way together: waiting for the disk is what a commit costs, and one
 * wait does for hundreds. An item is refused alone when it spoils its batch.
 */
export class GroupCommit<T> {
  readonly #commit: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #running = false;

  constructor(commit: (items: readonly T[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Resolves when it is committed. */
  add(item: T): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ item, done: resolve, failed: reject });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What comes in the same turn of the event loop goes with the first.
    await new Promise((next) => setImmediate(next));
    while (this.#waiting.length > 0) await this.#commitBatch(this.#waiting.splice(0, MAX_BATCH));
    this.#running = false;
  }

  async #commitBatch(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#commit(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) only?.failed(error);
      else for (const one of batch) await this.#commitBatch([one]);
    }
  }
}
