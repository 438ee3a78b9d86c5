interface Attempt {
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
}

/** Of those that never come back nobody tells. */
const MAX_TASKS = 1000;

/**
 * Tasks whose last attempt failed on this worker, for no fault of theirs: another worker may have more luck, and where
 * there is none that has a slot free, this one tries again.
 */
export class FailedHere {
  readonly #attempts = new Map<string, number>();

  add({ taskId, attempt }: Attempt): void {
    const [oldest] = this.#attempts.keys();
    if (oldest !== undefined && this.#attempts.size >= MAX_TASKS) this.#attempts.delete(oldest);
    this.#attempts.set(taskId, attempt);
  }

  /** Whether others are to have this attempt first; said once of each. */
  mayPass({ taskId, attempt }: Attempt): boolean {
    const isNext = this.#attempts.get(taskId) === attempt - 1;
    this.#attempts.delete(taskId);
    return isNext;
  }
}
