import type { WorkerState } from '@alts/sdk/plugin';

/** A worker that was silent for longer is gone: it says something every five seconds. */
const GONE_AFTER_MS = 30_000;

/** Workers of which something was heard lately, by this scheduler: each hears all of them. */
export class Fleet {
  readonly #workers = new Map<string, { readonly state: WorkerState; readonly heardAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  hear(state: WorkerState): void {
    this.#workers.set(state.name, { state, heardAt: this.#now() });
  }

  workers(): WorkerState[] {
    for (const [name, { heardAt }] of this.#workers) {
      if (this.#now() - heardAt > GONE_AFTER_MS) this.#workers.delete(name);
    }
    return [...this.#workers.values()].map(({ state }) => state);
  }
}
