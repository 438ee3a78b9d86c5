import type { AltsError } from '@alts/sdk/plugin';

/** So that a message that is another each time is not told without an end. */
const MOST = 10;

/** What goes wrong where nobody waits for an answer: each message is told once, until it is over. */
export class Problems {
  readonly #listeners = new Set<(error: AltsError) => void>();
  readonly #told = new Map<string, Set<string>>();

  onProblem(listener: (error: AltsError) => void): void {
    this.#listeners.add(listener);
  }

  /** @param where it goes wrong, and may go right again: {@link over} */
  tell(where: string, error: AltsError): void {
    const told = this.#told.get(where) ?? new Set();
    this.#told.set(where, told);
    if (told.has(error.message) || told.size >= MOST) return;
    told.add(error.message);
    for (const listener of this.#listeners) listener(error);
  }

  over(where: string): void {
    this.#told.delete(where);
  }
}
