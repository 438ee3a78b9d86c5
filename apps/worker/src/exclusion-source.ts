import { AltsError, type Exclusions, loadExclusions } from '@alts/sdk';
import type { Log } from './parts.ts';
import { within } from './within.ts';

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

  /**
   * Reads it again. A server that does not answer is no fault: where there is no earlier state nothing is excluded then,
   * and the reports say so.
   * @param answerMs how long it may take
   * @throws {AltsError} when it cannot be read, or is no such document, and there is no earlier state
   */
  async refresh(answerMs: number, stop: AbortSignal): Promise<void> {
    const source = this.#source;
    if (source === undefined) return;
    // The server has less time than the whole, so that what follows from its silence is settled in time.
    const timeLimitMs = Math.ceil(answerMs / 2);
    try {
      const loaded = await within(answerMs, stop, (signal) => loadExclusions(source, { signal, timeLimitMs }));
      // Without a copy on the disk a server that is away leaves nothing to go by; here there is one.
      if (loaded.unavailable !== undefined && this.#isGood()) this.#keep(loaded.unavailable);
      else [this.#good, this.#problem] = [loaded, undefined];
    } catch (error) {
      stop.throwIfAborted();
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
