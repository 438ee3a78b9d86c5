import type { BroadcastEvent, TaskEvent, WorkerState } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import { EventLog } from './event-log.ts';
import type { Fleet } from './fleet.ts';
import { settle } from './settle.ts';

type WatchParts = Pick<SchedulerParts, 'table' | 'events' | 'store' | 'broadcast' | 'log'> & { readonly fleet: Fleet };

/** Follows what workers say of themselves and of their tasks. All of it may get lost: what never came the watchdog finds out. */
export class Watch implements AsyncDisposable {
  readonly #parts: WatchParts;
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
    if (event.type === 'verdict') await settle(this.#parts, taskId, attempt);
    else if (event.sequence === 0) await this.#runs([{ taskId, attempt }], worker);
  }

  async #works(state: WorkerState): Promise<void> {
    this.#parts.fleet.hear(state);
    await this.#runs(state.running, state.name);
    await this.#parts.table.heard(state.running.map(({ taskId }) => taskId));
  }

  /** Notes what a worker has begun, and tells it of what it shall stop: each time anew, for it may not have heard. */
  async #runs(running: WorkerState['running'], worker: string | undefined): Promise<void> {
    const { table, broadcast } = this.#parts;
    const attempts = new Map(running.map(({ taskId, attempt }) => [taskId, attempt]));
    for (const { id, state, attempt, cancelled_at, cancel_reason } of await table.statesOf([...attempts.keys()])) {
      const own = attempts.get(id) ?? 0;
      if (state !== 'finished' && (state !== 'running' || attempt < own)) await table.started(id, own, worker ?? null);
      if (state === 'finished' || cancelled_at !== null) {
        broadcast.emit({ kind: 'cancel', taskId: id, reason: cancel_reason ?? 'the task is finished' });
      }
    }
  }
}
