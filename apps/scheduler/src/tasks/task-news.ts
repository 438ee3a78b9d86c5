/** Somebody who waits for news of one task. */
export interface Follower extends Disposable {
  /** Wakes it: now, or at once when it waits next. */
  tell(): void;
  /**
   * Resolves when it was told since the last time, or after so many milliseconds.
   * @returns whether it was told
   */
  wait(ms: number): Promise<boolean>;
}

/** Wakes those who wait for news of a task that this scheduler wrote down; what others wrote nobody here hears of. */
export class TaskNews {
  readonly #followers = new Map<string, Set<Follower>>();

  /** To be begun before it is looked for the first time: what comes from then on is not missed. */
  follow(taskId: string): Follower {
    const all = this.#followers.get(taskId) ?? new Set();
    this.#followers.set(taskId, all);
    const follower = newFollower(() => {
      all.delete(follower);
      if (all.size === 0) this.#followers.delete(taskId);
    });
    all.add(follower);
    return follower;
  }

  tell(taskId: string): void {
    for (const follower of this.#followers.get(taskId) ?? []) follower.tell();
  }
}

function newFollower(dispose: () => void): Follower {
  let isTold = false;
  let wake = () => {};
  return {
    tell() {
      isTold = true;
      wake();
    },
    async wait(ms) {
      if (!isTold) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
      }
      const wasTold = isTold;
      isTold = false;
      return wasTold;
    },
    [Symbol.dispose]: dispose,
  };
}
