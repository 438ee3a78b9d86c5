import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, TaskMessage } from '@alts/sdk/plugin';
import type { Log } from '../parts.ts';
import type { OutboxRow } from '../table/schema.ts';
import type { TaskTable } from '../table/task-table.ts';

/** How many are published side by side. */
const BATCH = 200;
/** What comes meanwhile is published together: for the broker one message costs nearly as much as ten. */
const PUBLISH_EVERY_MS = 10;
/** Another scheduler may have accepted tasks and died, so it is looked every now and then. */
const LOOK_EVERY_MS = 1000;
/** While the queue is not there, what comes is found in the table when it is. */
const MAX_HANDED = 5000;
/** What the queue has is written down together: what is lost of it is published again, and workers know. */
const WRITE_EVERY_MS = 50;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Brings accepted tasks to the queue, until it has confirmed them: what was accepted is published, also when the queue is
 * down for an hour, or the scheduler dies in between. A task may be published twice; workers know.
 */
export class Relay implements AsyncDisposable {
  readonly #table: TaskTable;
  readonly #queue: Queue;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #handed: OutboxRow[] = [];
  #lookAt = 0;
  #confirmed: string[] = [];
  #writing: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor({ table, queue, log }: { readonly table: TaskTable; readonly queue: Queue; readonly log: Log }) {
    this.#table = table;
    this.#queue = queue;
    this.#log = log;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Publishes what was accepted a moment ago, as soon as it can: without it, somebody finds it in the table later. */
  take(row: OutboxRow): void {
    if (this.#stop.signal.aborted || this.#handed.length >= MAX_HANDED) return;
    this.#handed.push(row);
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
    await this.#writing;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const rows = await this.#next();
        if (rows.length === 0) {
          await this.#pause();
        } else {
          await this.#publish(rows);
          if (rows.length < BATCH) await sleep(PUBLISH_EVERY_MS);
        }
      } catch (error) {
        this.#log.error({ error }, 'the outbox cannot be read');
        await this.#pause();
      }
    }
  }

  /** What was handed over, and every now and then what waits in the table: it must not wait for as long as more comes. */
  async #next(): Promise<OutboxRow[]> {
    const handed = this.#handed.splice(0, BATCH);
    const now = performance.now();
    if (handed.length > 0 && now < this.#lookAt) return handed;
    this.#lookAt = now + LOOK_EVERY_MS;
    try {
      return [...handed, ...(await this.#table.claim(BATCH))];
    } catch (error) {
      this.#handed.unshift(...handed);
      throw error;
    }
  }

  /** Until something is handed over, or for a second. */
  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, LOOK_EVERY_MS);
    if (this.#handed.length === 0 && !this.#stop.signal.aborted) await promise;
    clearTimeout(timer);
  }

  async #publish(rows: readonly OutboxRow[]): Promise<void> {
    const confirmed = await Promise.all(rows.map((row) => this.#publishOne(row)));
    this.#confirmed.push(...rows.filter((_, at) => confirmed[at]).map(({ task_id }) => task_id));
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async #write(): Promise<void> {
    await sleep(WRITE_EVERY_MS);
    try {
      await this.#table.published(this.#confirmed.splice(0));
    } catch (error) {
      this.#log.error(
        { error },
        'it cannot be written down that tasks are with the queue; they will be published again',
      );
    }
  }

  async #publishOne({ task_id, queue, message, priority, tries }: OutboxRow): Promise<boolean> {
    try {
      await this.#queue.publish(queue, JSON.parse(message) as TaskMessage, {
        signal: this.#stop.signal,
        priority,
      });
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
      this.#log.warn({ taskId: task_id, queue, tries, error }, 'the queue does not take a task; trying again');
      await this.#table.postpone(task_id, Date.now() + pause);
      return false;
    }
  }
}
