import type { TaskEvent } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import { EventLog } from './event-log.ts';
import { settle } from './settle.ts';

/** How often a sign of life is written down. */
const HEARD_EVERY_MS = 10_000;

type WatchParts = Pick<SchedulerParts, 'table' | 'events' | 'store' | 'broadcast' | 'log'>;

/** Follows what workers say of their tasks. All of it may get lost: what never came is for the watchdog to find out. */
export class Watch implements AsyncDisposable {
  readonly #parts: WatchParts;
  readonly #heard = new Map<string, number>();
  readonly #busy = new Set<Promise<void>>();
  readonly #log: EventLog;
  #listening: AsyncDisposable | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#log = new EventLog(parts.events, parts.log);
  }

  start(): void {
    this.#listening ??= this.#parts.broadcast.onAll((event) => {
      if (event.kind === 'test') this.#log.add(event);
      const work = this.#take(event).catch((error: unknown) => {
        this.#parts.log.warn({ taskId: event.taskId, error }, 'an event could not be taken in');
      });
      this.#busy.add(work);
      void work.finally(() => this.#busy.delete(work));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.[Symbol.asyncDispose]();
    await Promise.all(this.#busy);
    await this.#log[Symbol.asyncDispose]();
  }

  async #take(told: TaskEvent): Promise<void> {
    if (told.kind !== 'test') return;
    const { taskId, attempt, event } = told;
    if (event.type === 'verdict') {
      this.#heard.delete(taskId);
      await settle(this.#parts, taskId, attempt);
    } else if (event.sequence === 0) await this.#begins(taskId, attempt);
    else await this.#lives(taskId, attempt);
  }

  async #begins(taskId: string, attempt: number): Promise<void> {
    const { table, broadcast } = this.#parts;
    const begun = await table.started(taskId, attempt);
    const task = await table.find(taskId);
    if (!task) return;
    const unwanted = task.cancelled_at !== null || (!begun && task.state === 'finished');
    if (unwanted) broadcast.emit({ kind: 'cancel', taskId, reason: task.cancel_reason ?? 'the task is finished' });
  }

  async #lives(taskId: string, attempt: number): Promise<void> {
    const now = Date.now();
    if (now - (this.#heard.get(taskId) ?? 0) < HEARD_EVERY_MS) return;
    this.#heard.set(taskId, now);
    await this.#parts.table.heard(taskId, attempt);
  }
}
