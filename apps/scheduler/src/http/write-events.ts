import type { SSEStreamingApi } from 'hono/streaming';
import type { AppParts } from '../parts.ts';
import type { EventPosition } from '../table/event-table.ts';
import type { TaskRow } from '../table/schema.ts';
import { taskView } from './task-view.ts';

/** How often it is looked for what another scheduler wrote; of what this one writes each reader is told. */
const LOOK_EVERY_MS = 1000;
const PAGE = 500;
/** Proxies cut connections that are silent for a minute. */
const SIGN_OF_LIFE_MS = 20_000;
/** After the end of a task its last events are waited for: another scheduler may write them than the one that ended it. */
const LAST_EVENTS_MS = 2000;

type Parts = Pick<AppParts, 'table' | 'events' | 'news'>;

/** Writes states and events of a task, from behind a position, until it is over or nobody reads any more. */
export async function writeEvents(
  stream: SSEStreamingApi,
  parts: Parts,
  id: string,
  position: EventPosition,
): Promise<void> {
  await new TaskStream(stream, parts, id, position).write();
}

class TaskStream {
  readonly #stream: SSEStreamingApi;
  readonly #parts: Parts;
  readonly #id: string;
  #position: EventPosition;
  #task: TaskRow | undefined;
  #wroteAt = Date.now();
  /** The attempt whose last event was written. */
  #ended = 0;
  /** From when on a finished task has no more events, whatever was written. */
  #endsAt = Number.POSITIVE_INFINITY;

  constructor(stream: SSEStreamingApi, parts: Parts, id: string, position: EventPosition) {
    this.#stream = stream;
    this.#parts = parts;
    this.#id = id;
    this.#position = position;
  }

  async write(): Promise<void> {
    using follower = this.#parts.news.follow(this.#id);
    this.#stream.onAbort(() => follower.tell());
    while (!this.#stream.aborted) {
      // Before the events: what was written before the end is then there to be read.
      if (!(await this.#writeState())) return;
      const count = await this.#writeEvents();
      if (count === PAGE) continue;
      if (this.#task && this.#isOver(this.#task)) return await this.#say('end', this.#task);
      await this.#giveSignOfLife();
      await follower.wait(Math.min(LOOK_EVERY_MS, this.#endsAt - Date.now()));
    }
  }

  /** @returns whether the task is still there */
  async #writeState(): Promise<boolean> {
    const { table } = this.#parts;
    const [now] = await table.statesOf([this.#id]);
    if (now?.state === this.#task?.state) return now !== undefined;
    this.#task = await table.find(this.#id);
    if (!this.#task) return false;
    const { state, attempt, finished_at } = this.#task;
    if (state === 'finished') {
      // The clock of another scheduler may be ahead. One that nobody began has no events.
      const finishedAt = Math.min(Date.parse(finished_at ?? ''), Date.now());
      this.#endsAt = attempt === 0 ? 0 : finishedAt + LAST_EVENTS_MS;
    }
    await this.#say('state', this.#task);
    return true;
  }

  /** @returns how many there were */
  async #writeEvents(): Promise<number> {
    const found = await this.#parts.events.after(this.#id, this.#position, PAGE);
    for (const { attempt, sequence, event } of found) {
      const { type } = JSON.parse(event) as { readonly type: string };
      await this.#stream.writeSSE({ id: `${attempt}-${sequence}`, event: type, data: event });
      this.#position = { attempt, sequence };
      if (type === 'verdict') this.#ended = attempt;
    }
    if (found.length > 0) this.#wroteAt = Date.now();
    return found.length;
  }

  #isOver({ state, attempt }: TaskRow): boolean {
    return state === 'finished' && (this.#ended >= attempt || Date.now() >= this.#endsAt);
  }

  async #giveSignOfLife(): Promise<void> {
    if (Date.now() - this.#wroteAt < SIGN_OF_LIFE_MS) return;
    await this.#stream.write(': still here\n\n');
    this.#wroteAt = Date.now();
  }

  async #say(event: 'state' | 'end', task: TaskRow): Promise<void> {
    await this.#stream.writeSSE({ event, data: JSON.stringify(taskView(task)) });
  }
}
