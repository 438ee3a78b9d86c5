import type { BroadcastEvent, TaskEvent, WorkerState } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import { EventLog } from './event-log.ts';
import type { Fleet } from './fleet.ts';
import { settle } from './settle.ts';
import type { TaskNews } from './task-news.ts';

type WatchParts = Pick<SchedulerParts, 'table' | 'events' | 'store' | 'broadcast' | 'log'> & {
  readonly fleet: Fleet;
  readonly news: TaskNews;
};

/** Follows what workers say of themselves and of their tasks. All of it may get lost: what never came the watchdog finds out. */
export class Watch implements AsyncDisposable {
  readonly #parts: WatchParts;
  readonly #busy = new Set<Promise<void>>();
  readonly #log: EventLog;
  #listening: AsyncDisposable | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#log = new EventLog(parts.events, parts.log, (taskId) => parts.news.tell(taskId));
  }

  start(): void {
    this.#listening ??= this.#parts.broadcast.onAll((event) => {
      if (event.kind === 'test') this.#log.add(event);
      const work = this.#take(event).catch((error: unknown) => {
        this.#parts.log.warn({ event: event.kind, error }, 'an event could not be taken in');
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

  async #take(told: BroadcastEvent): Promise<void> {
    if (told.kind === 'worker') await this.#works(told.state);
    else if (told.kind === 'test') await this.#tests(told);
  }

  async #tests({ taskId, attempt, event, worker }: Extract<TaskEvent, { kind: 'test' }>): Promise<void> {
    if (event.type === 'verdict') {
      // Who sees that the task is over has then its last events, too.
      await this.#log.flush();
      await settle(this.#parts, taskId, attempt);
      this.#parts.news.tell(taskId);
    } else if (event.sequence === 0) await this.#runs([{ taskId, attempt }], worker);
  }

  async #works(state: WorkerState): Promise<void> {
    this.#parts.fleet.hear(state);
    await this.#runs(state.running, state.name);
    await this.#parts.table.heard(state.running.map(({ taskId }) => taskId));
  }

  /** Notes what a worker has begun, and tells it of what it shall stop: each time anew, for it may not have heard. */
  async #runs(running: WorkerState['running'], worker: string | undefined): Promise<void> {
    const { table, broadcast, news } = this.#parts;
    const attempts = new Map(running.map(({ taskId, attempt }) => [taskId, attempt]));
    for (const { id, state, attempt, cancelled_at, cancel_reason } of await table.statesOf([...attempts.keys()])) {
      const own = attempts.get(id) ?? 0;
      const hasBegun = state !== 'finished' && (state !== 'running' || attempt < own);
      if (hasBegun && (await table.started(id, own, worker ?? null))) news.tell(id);
      if (state === 'finished' || cancelled_at !== null) {
        broadcast.emit({ kind: 'cancel', taskId: id, reason: cancel_reason ?? 'the task is finished' });
      }
    }
  }
}
