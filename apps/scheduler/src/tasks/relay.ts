import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError, type Queue, type TaskMessage } from '@alts/sdk/plugin';
import type { Log } from '../parts.ts';
import type { OutboxRow } from '../table/schema.ts';
import type { TaskTable } from '../table/task-table.ts';
import { Confirmations } from './confirmations.ts';
import { endWithoutReport } from './end-task.ts';

/** How many are published side by side. */
const BATCH = 200;
/** What comes meanwhile is published together: for the broker one message costs nearly as much as ten. */
const PUBLISH_EVERY_MS = 10;
/** Another scheduler may have accepted tasks and died, so it is looked every now and then. */
const LOOK_EVERY_MS = 1000;
/** While the queue is not there, what comes is found in the table when it is. */
const MAX_HANDED = 5000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Brings accepted tasks to the queue, until it has confirmed them: what was accepted is published, also when the queue is
 * down for an hour, or the scheduler dies in between. A task may be published twice; workers know. One that the queue will
 * never take is over.
 */
export class Relay implements AsyncDisposable {
  readonly #table: TaskTable;
  readonly #queue: Queue;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #confirmations: Confirmations;
  #running: Promise<void> | undefined;
  #handed: OutboxRow[] = [];
  #lookAt = 0;
  #wake: () => void = () => undefined;

  constructor({ table, queue, log }: { readonly table: TaskTable; readonly queue: Queue; readonly log: Log }) {
    this.#table = table;
    this.#queue = queue;
    this.#log = log;
    this.#confirmations = new Confirmations(table, log);
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
    await this.#confirmations[Symbol.asyncDispose]();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const rows = await this.#next();
        if (rows.length === 0) {
          await this.#pause();
        } else {
          await Promise.all(rows.map((row) => this.#publish(row)));
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

  async #publish(row: OutboxRow): Promise<void> {
    const { task_id: taskId, queue, message, priority } = row;
    try {
      await this.#queue.publish(queue, JSON.parse(message) as TaskMessage, { signal: this.#stop.signal, priority });
      this.#confirmations.add(taskId);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      await this.#takeRefusal(row, error).catch((cause: unknown) => {
        // It was claimed for a while, and is due again after that.
        this.#log.error({ taskId, queue, error: cause }, 'what became of a message cannot be written down');
      });
    }
  }

  /** The queue may not be there, which passes; a message that it does not take as it is, it never takes. */
  async #takeRefusal({ task_id: taskId, queue, message, tries }: OutboxRow, error: unknown): Promise<void> {
    if (AltsError.is(error) && error.code === 'invalid_request') {
      const { attempts: attempt = 0 } = JSON.parse(message) as TaskMessage;
      const reason = { code: error.code, message: `${queue} will never take this task: ${error.message}` };
      const parts = { table: this.#table, log: this.#log };
      return endWithoutReport(parts, { id: taskId, attempt }, { verdict: 'error', error: reason });
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
    this.#log.warn({ taskId, queue, tries, error }, 'the queue does not take a task; trying again');
    return this.#table.postpone(taskId, Date.now() + pause);
  }
}
