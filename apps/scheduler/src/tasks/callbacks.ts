import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../parts.ts';
import type { CallbackTable } from '../table/callback-table.ts';
import type { CallbackRow } from '../table/schema.ts';
import type { CallbackOptions } from './callback-target.ts';
import { postCallback } from './post-callback.ts';

/** How many are posted side by side: in all, and to one host. As many are taken at a time, so it may be twice as many. */
const SIDE_BY_SIDE = 100;
const PER_HOST = 10;
const LOOK_EVERY_MS = 1000;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** Some two days of trying: 5 s, 10 s … an hour, and then every hour. */
const MAX_TRIES = 60;

interface CallbackParts {
  readonly callbacks: CallbackTable;
  readonly callbackOptions: CallbackOptions;
  readonly log: Log;
}

/**
 * Tells clients of tasks that are over: posts what waits until the client has taken it, at least once, with an id that is
 * the same each time. Nothing that goes wrong here touches the task, and no client that hangs holds up another.
 */
export class Callbacks implements AsyncDisposable {
  readonly #table: CallbackTable;
  readonly #options: CallbackOptions;
  readonly #log: Log;
  readonly #stop = new AbortController();
  /** What is being posted, and to whom. */
  readonly #posting = new Map<Promise<void>, string>();
  #running: Promise<void> | undefined;
  #rest = new AbortController();

  constructor({ callbacks, callbackOptions, log }: CallbackParts) {
    this.#table = callbacks;
    this.#options = callbackOptions;
    this.#log = log;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#rest.abort();
    await this.#running;
    await Promise.all(this.#posting.keys());
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#rest = new AbortController();
      const count = await this.#take();
      if (count < PER_HOST && !this.#stop.signal.aborted) {
        await sleep(LOOK_EVERY_MS, undefined, { signal: this.#rest.signal }).catch(() => undefined);
      }
    }
  }

  /** @returns how many were taken */
  async #take(): Promise<number> {
    if (this.#posting.size >= SIDE_BY_SIDE) return 0;
    try {
      const rows = await this.#table.claim(PER_HOST, this.#busyHosts());
      for (const row of rows) this.#begin(row);
      return rows.length;
    } catch (error) {
      this.#log.error({ error }, 'callbacks cannot be read');
      return 0;
    }
  }

  #busyHosts(): string[] {
    const count = new Map<string, number>();
    for (const host of this.#posting.values()) count.set(host, (count.get(host) ?? 0) + 1);
    return [...count].filter(([, posts]) => posts >= PER_HOST).map(([host]) => host);
  }

  #begin(row: CallbackRow): void {
    const post = this.#post(row).finally(() => {
      const wasBusy = this.#busyHosts().includes(row.host) || this.#posting.size >= SIDE_BY_SIDE;
      this.#posting.delete(post);
      // There may be more that waited for this one's place.
      if (wasBusy) this.#rest.abort();
    });
    this.#posting.set(post, row.host);
  }

  async #post(row: CallbackRow): Promise<void> {
    const { task_id: taskId, tries } = row;
    const problem = await postCallback(row, this.#options, this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    try {
      if (problem === undefined) return await this.#table.done(taskId);
      if (tries >= MAX_TRIES) {
        this.#log.error({ taskId, tries, problem }, 'a client was never told: giving up');
        return await this.#table.done(taskId);
      }
      this.#log.warn({ taskId, tries, problem }, 'a client could not be told; trying again');
      const wait = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
      await this.#table.postpone(taskId, Date.now() + wait, problem);
    } catch (error) {
      // It was claimed for a while, and is due again after that.
      this.#log.error({ taskId, error }, 'what became of a callback cannot be written down');
    }
  }
}
