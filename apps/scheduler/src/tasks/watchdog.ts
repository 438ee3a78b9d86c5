import type { SchedulerParts } from '../parts.ts';
import type { TaskRow } from '../table/schema.ts';
import { LostTasks } from './lost-tasks.ts';
import { settle } from './settle.ts';

export interface WatchdogOptions {
  /** How often it looks; default 10 s. */
  readonly everyMs?: number;
  /** Silence of a task after which it is looked after; default 30 s: workers speak of what they run every 5 s. */
  readonly silentMs?: number;
  /** Silence after which a task is lost that its queue does not have; default 3 min: leases of queues have to run out. */
  readonly emptyMs?: number;
  /**
   * Silence after which a task is lost, whatever its queue has; default 6 h. What waits in a queue for longer than that is
   * published a second time: longer than a queue takes to be emptied, then.
   */
  readonly anyMs?: number;
}

const BATCH = 200;
/** What was heard of a test is kept for a week after its end. */
const EVENTS_KEPT_MS = 7 * 24 * 60 * 60_000;
const PRUNE_EVERY_MS = 60 * 60_000;
const MINUTE = 60_000;

type WatchdogParts = Pick<SchedulerParts, 'table' | 'events' | 'answers' | 'store' | 'queue' | 'log'>;

/** Sees to it that every task ends: the worker's last word may have got lost, workers may vanish, and so may messages. */
export class Watchdog implements AsyncDisposable {
  readonly #parts: WatchdogParts;
  readonly #options: Required<WatchdogOptions>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #prunedAt = 0;

  constructor(parts: WatchdogParts, options: WatchdogOptions = {}) {
    this.#parts = parts;
    this.#options = { everyMs: 10_000, silentMs: MINUTE / 2, emptyMs: 3 * MINUTE, anyMs: 360 * MINUTE, ...options };
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

  /** Ends those whose report is there, and publishes again those that were lost. */
  async look(): Promise<void> {
    const since = new Date(Date.now() - this.#options.silentMs);
    const lost = new LostTasks(this.#parts);
    for (const state of ['running', 'queued'] as const) {
      for (const task of await this.#parts.table.silent(state, since, BATCH)) await this.#judge(task, lost);
    }
    if (Date.now() - this.#prunedAt > PRUNE_EVERY_MS) await this.#prune();
  }

  async #prune(): Promise<void> {
    this.#prunedAt = Date.now();
    await this.#parts.events.prune(new Date(this.#prunedAt - EVENTS_KEPT_MS));
    await this.#parts.answers.prune(new Date(this.#prunedAt));
  }

  /** One task that cannot be looked after, for the store or the queue is not there, holds up no other. */
  async #judge(task: TaskRow, lost: LostTasks): Promise<void> {
    try {
      if (await settle(this.#parts, task.id, task.attempt)) return;
      await lost.judge(task, Date.now() - Date.parse(task.heard_at), this.#options);
    } catch (error) {
      this.#parts.log.warn({ taskId: task.id, error }, 'nobody could look what became of a task');
    }
  }
}
