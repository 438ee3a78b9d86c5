import type { SchedulerParts } from '../parts.ts';
import type { TaskRow } from '../table/schema.ts';
import { settle } from './settle.ts';

export interface WatchdogOptions {
  /** How often it looks; default 10 s. */
  readonly everyMs?: number;
  /** Silence of a running task after which its report is looked for; default 1 min. */
  readonly silentMs?: number;
  /** Time after which a task that no worker ends is an error; default 6 h: attempts take 2 h at most, each. */
  readonly lostMs?: number;
}

const BATCH = 200;
/** What was heard of a test is kept for a week after its end. */
const EVENTS_KEPT_MS = 7 * 24 * 60 * 60_000;
const PRUNE_EVERY_MS = 60 * 60_000;

type WatchdogParts = Pick<SchedulerParts, 'table' | 'events' | 'answers' | 'store' | 'log'>;

/** Sees to it that every task ends: the worker's last word may have got lost, and workers may vanish. */
export class Watchdog implements AsyncDisposable {
  readonly #parts: WatchdogParts;
  readonly #options: Required<WatchdogOptions>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #prunedAt = 0;

  constructor(parts: WatchdogParts, options: WatchdogOptions = {}) {
    this.#parts = parts;
    this.#options = { everyMs: 10_000, silentMs: 60_000, lostMs: 6 * 60 * 60_000, ...options };
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.look()
        .catch((error: unknown) => this.#parts.log.warn({ error }, 'the watchdog could not look'))
        .finally(() => {
          this.#looking = undefined;
        });
    }, this.#options.everyMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Ends those whose report is there, and those that were lost. A queued task may wait for as long as it has to. */
  async look(): Promise<void> {
    const since = new Date(Date.now() - this.#options.silentMs);
    for (const state of ['running', 'queued'] as const) {
      for (const task of await this.#parts.table.silent(state, since, BATCH)) await this.#judge(task);
    }
    if (Date.now() - this.#prunedAt > PRUNE_EVERY_MS) await this.#prune();
  }

  async #prune(): Promise<void> {
    this.#prunedAt = Date.now();
    await this.#parts.events.prune(new Date(this.#prunedAt - EVENTS_KEPT_MS));
    await this.#parts.answers.prune(new Date(this.#prunedAt));
  }

  async #judge(task: TaskRow): Promise<void> {
    if (await settle(this.#parts, task.id, task.attempt)) return;
    if (task.state !== 'running' || Date.now() - Date.parse(task.heard_at) < this.#options.lostMs) return;
    const message = `nothing was heard of attempt ${task.attempt} since ${task.heard_at}, and there is no report`;
    const verdict = task.cancelled_at === null ? 'error' : 'cancelled';
    await this.#parts.table.finish(task.id, task.attempt, { verdict, error: { code: 'environment_lost', message } });
    this.#parts.log.warn({ taskId: task.id }, message);
  }
}
