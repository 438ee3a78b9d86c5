import { NotInTime } from './in-time.ts';

interface Waiter {
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly reject: (reason: unknown) => void;
}

/**
 * One limit for many who wait for answers, each for the same time: one timer for all of them, and one listener for all
 * that have a signal in common. There are thousands in a second, and nearly all have their answer long before.
 */
export class SharedLimit {
  readonly #ms: number;
  /** In the order in which their time is over, which is that in which they came. */
  readonly #waiters = new Set<Waiter>();
  readonly #bySignal = new Map<AbortSignal, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /**
   * Waits for an answer; one that comes too late is ignored, whatever it is.
   * @throws {NotInTime}; the signal's reason when that aborts
   */
  inTime<T>(answer: Promise<T>, signal?: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter = { until: performance.now() + this.#ms, signal, reject };
      this.#add(waiter);
      answer.then(
        (value) => {
          this.#remove(waiter);
          resolve(value);
        },
        (error: unknown) => {
          this.#remove(waiter);
          reject(error);
        },
      );
      if (signal?.aborted) this.#refuse(waiter, signal.reason);
    });
  }

  #add(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#timer ??= setTimeout(this.#onTime, this.#ms);
    const { signal } = waiter;
    if (!signal) return;
    const before = this.#bySignal.get(signal) ?? 0;
    this.#bySignal.set(signal, before + 1);
    if (before === 0) signal.addEventListener('abort', this.#onAbort);
  }

  #remove(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    if (this.#waiters.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const { signal } = waiter;
    if (!signal) return;
    const left = (this.#bySignal.get(signal) ?? 0) - 1;
    if (left > 0) return void this.#bySignal.set(signal, left);
    this.#bySignal.delete(signal);
    signal.removeEventListener('abort', this.#onAbort);
  }

  #refuse(waiter: Waiter, reason: unknown): void {
    this.#remove(waiter);
    waiter.reject(reason);
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiter of this.#waiters) {
      if (waiter.until > now) {
        this.#timer = setTimeout(this.#onTime, Math.ceil(waiter.until - now));
        return;
      }
      this.#refuse(waiter, new NotInTime());
    }
  };

  readonly #onAbort = ({ target }: Event): void => {
    for (const waiter of this.#waiters) {
      if (waiter.signal && waiter.signal === target) this.#refuse(waiter, waiter.signal.reason);
    }
  };
}
