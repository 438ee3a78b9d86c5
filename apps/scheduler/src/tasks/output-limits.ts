import type { TestTaskEvent } from '../table/event-table.ts';

/** Of one attempt; the whole output is in the logs. */
const MAX_EVENTS = 5000;
const MAX_CHARACTERS = 2 * 1024 * 1024;
/** Attempts that are remembered. Not all of them are heard to end: of workers that were killed nothing is heard. */
const MAX_ATTEMPTS = 10_000;
const NOTICE = 'more output is not shown here; all of it is in the log of the stage';

interface Seen {
  readonly events: number;
  readonly characters: number;
}

/** How much output of an attempt is kept for those who watch. */
export class OutputLimits {
  /** By task and attempt; those that were heard of last are last. */
  readonly #seen = new Map<string, Seen>();

  /** The event, in place of the first that is too much a notice that says so, and undefined for the rest. */
  pass(told: TestTaskEvent): TestTaskEvent | undefined {
    const { event, taskId, attempt } = told;
    const key = `${taskId} ${attempt}`;
    if (event.type === 'verdict') this.#seen.delete(key);
    if (event.type !== 'output') return told;
    const before = this.#seen.get(key) ?? { events: 0, characters: 0 };
    const after = { events: before.events + 1, characters: before.characters + event.text.length };
    this.#seen.delete(key);
    this.#seen.set(key, after);
    if (this.#seen.size > MAX_ATTEMPTS) this.#forgetOldest();
    if (isWithin(after)) return told;
    return isWithin(before) ? { ...told, event: { ...event, stream: 'notice', text: `${NOTICE}\n` } } : undefined;
  }

  /** Should it have more to say after all, it begins anew. */
  #forgetOldest(): void {
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}

function isWithin({ events, characters }: Seen): boolean {
  return events <= MAX_EVENTS && characters <= MAX_CHARACTERS;
}
