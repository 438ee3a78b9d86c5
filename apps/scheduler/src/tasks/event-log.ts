import type { Log } from '../parts.ts';
import type { EventTable, TestTaskEvent } from '../table/event-table.ts';
import { OutputLimits } from './output-limits.ts';

const FLUSH_EVERY_MS = 100;
/** What waits to be written; more is dropped, for it can be. */
const MAX_WAITING = 50_000;

/** Writes down what is heard, a tenth of a second at a time, and of output no more than people read. */
export class EventLog implements AsyncDisposable {
  readonly #table: EventTable;
  readonly #log: Log;
  readonly #written: (taskId: string) => void;
  readonly #output = new OutputLimits();
  #waiting: TestTaskEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param written is told of each task of which something was written down */
  constructor(table: EventTable, log: Log, written: (taskId: string) => void) {
    this.#table = table;
    this.#log = log;
    this.#written = written;
  }

  add(heard: TestTaskEvent): void {
    const told = this.#output.pass(heard);
    if (!told || this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(told);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY_MS);
  }

  /** Resolves when all that was added is written down, or was found impossible to write. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting.splice(0);
    if (events.length > 0) this.#writing = this.#writing.then(() => this.#write(events));
    return this.#writing;
  }

  async #write(events: readonly TestTaskEvent[]): Promise<void> {
    try {
      await this.#table.add(events);
      for (const taskId of new Set(events.map((event) => event.taskId))) this.#written(taskId);
    } catch (error) {
      this.#log.warn({ error, lost: events.length }, 'events could not be written down');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }
}
