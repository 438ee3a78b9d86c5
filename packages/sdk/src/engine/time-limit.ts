import { AltsError } from '../contracts/errors.ts';

/** `90 ms`, `30 s`, `10 min`, `2 h`: short, for messages. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${trim(ms / 1000)} s`;
  if (ms < 3_600_000) return `${trim(ms / 60_000)} min`;
  return `${trim(ms / 3_600_000)} h`;
}

const trim = (value: number): string => String(Math.round(value * 10) / 10);

/** How long something may still take. */
export class Deadline {
  readonly what: string;
  readonly limitMs: number;
  readonly #endsAt: number;

  /** @param what for the message: `install_package`, `the test` */
  constructor(what: string, limitMs: number) {
    this.what = what;
    this.limitMs = limitMs;
    this.#endsAt = performance.now() + limitMs;
  }

  /** Milliseconds, never negative. */
  get remainingMs(): number {
    return Math.max(0, Math.floor(this.#endsAt - performance.now()));
  }

  /** Whichever ends first. */
  static earlier(a: Deadline, b: Deadline): Deadline {
    return a.remainingMs <= b.remainingMs ? a : b;
  }

  error(): AltsError {
    return new AltsError('time_limit', `${this.what} took longer than its limit of ${formatDuration(this.limitMs)}`);
  }

  /** Aborts with {@link error} when time is up; disposing stops the clock. */
  start(): { readonly signal: AbortSignal } & Disposable {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(this.error()), this.remainingMs);
    return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
  }
}
