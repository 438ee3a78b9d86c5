import { AltsError, type Exclusions, loadExclusions } from '@alts/sdk';
import type { Log } from './parts.ts';

/**
 * The exclusion document of a worker. It is read again and again, and apart from any task: a document that is spoilt is no
 * fault of the tasks that happen to come then.
 */
export class ExclusionSource {
  readonly #source: string | undefined;
  readonly #log: Log;
  /** As it was when it could last be read. */
  #good: Exclusions | undefined;
  #problem: string | undefined;

  /** @param given the path of a file, an http(s) URL, or what was made of one */
  constructor(given: string | Exclusions | undefined, log: Log) {
    this.#source = typeof given === 'string' ? given : undefined;
    this.#good = typeof given === 'string' ? undefined : given;
    this.#log = log;
  }

  /** What is excluded now; an earlier state says that it is one. */
  get current(): Exclusions | undefined {
    if (this.#good === undefined || this.#problem === undefined) return this.#good;
    return { ...this.#good, outdated: `${this.#problem}; its last good state is used` };
  }

  /** @throws {AltsError} `invalid_request` when it cannot be read, and never could be */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#source === undefined) return;
    try {
      const loaded = await loadExclusions(this.#source, { signal });
      // Without a copy on the disk a server that is away leaves nothing to go by; here there is one.
      if (loaded.unavailable !== undefined && this.#isGood()) this.#keep(loaded.unavailable);
      else [this.#good, this.#problem] = [loaded, undefined];
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#isGood()) throw error;
      this.#keep(AltsError.from(error).message);
    }
  }

  #isGood(): boolean {
    return this.#good !== undefined && this.#good.unavailable === undefined;
  }

  #keep(problem: string): void {
    if (problem !== this.#problem) this.#log.warn({ reason: problem }, 'the last good exclusions are used');
    this.#problem = problem;
  }
}
