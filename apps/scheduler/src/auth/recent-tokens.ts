import type { Caller } from './scopes.ts';

/** Keys of a key set change, and a token that was good is asked about again by then. */
const KEPT_MS = 30_000;
const MAX_TOKENS = 1000;

interface Kept {
  readonly caller: Caller;
  readonly until: number;
}

/** Tokens that were found good a moment ago: a client sends the same one with each request, and checking it takes long. */
export class RecentTokens {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  find(token: string): Caller | undefined {
    const kept = this.#kept.get(token);
    if (!kept) return undefined;
    if (kept.until > this.#now()) return kept.caller;
    this.#kept.delete(token);
    return undefined;
  }

  /** @param expires when the token itself ends, in seconds since 1970; left out: never */
  keep(token: string, caller: Caller, expires: number | undefined): void {
    if (this.#kept.size >= MAX_TOKENS) this.#kept.clear();
    const until = Math.min(this.#now() + KEPT_MS, (expires ?? Number.POSITIVE_INFINITY) * 1000);
    this.#kept.set(token, { caller, until });
  }
}
