import type { Log } from '../parts.ts';
import type { EventTable, TestTaskEvent } from '../table/event-table.ts';

const FLUSH_EVERY_MS = 100;
/** Of one attempt; the whole output is in the logs. */
const MAX_OUTPUT_EVENTS = 5000;
const MAX_OUTPUT_CHARACTERS = 2 * 1024 * 1024;
/** What waits to be written; more is dropped, for it can be. */
const MAX_WAITING = 50_000;

interface Seen {
  events: number;
  characters: number;
}

/** Writes down what is heard, a tenth of a second at a time, and of output no more than people read. */
export class EventLog implements AsyncDisposable {
  readonly #table: EventTable;
  readonly #log: Log;
  readonly #output = new Map<string, Seen>();
  #waiting: TestTaskEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(table: EventTable, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  add(told: TestTaskEvent): void {
    if (told.event.type === 'output' && !this.#hasRoom(told, told.event.text.length)) return;
    if (told.event.type === 'verdict') this.#output.delete(told.taskId);
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(told);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_EVERY_MS);
  }

  #hasRoom({ taskId }: TestTaskEvent, characters: number): boolean {
    const seen = this.#output.get(taskId) ?? { events: 0, characters: 0 };
    this.#output.set(taskId, seen);
    seen.events += 1;
    seen.characters += characters;
    return seen.events <= MAX_OUTPUT_EVENTS && seen.characters <= MAX_OUTPUT_CHARACTERS;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting.splice(0);
    if (events.length === 0) return;
    this.#writing = this.#writing
      .then(() => this.#table.add(events))
      .catch((error: unknown) => this.#log.warn({ error, lost: events.length }, 'events could not be written down'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    await this.#writing;
  }
}
