import type { DeadLetter, QueueDepth } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import type { TaskRow } from '../table/schema.ts';
import { endWithoutReport } from './end-task.ts';

/** Attempts of a task that nothing came of, until that is its end. */
const MAX_ATTEMPTS = 10;

type Parts = Pick<SchedulerParts, 'table' | 'queue' | 'log'>;

/** What a queue has, as one look of the watchdog sees it. */
interface Seen {
  readonly depth: QueueDepth;
  readonly dead: ReadonlyMap<string, DeadLetter>;
}

/** Finds out what became of tasks that nothing is heard of; made anew for each look, so that a queue is asked once. */
export class LostTasks {
  readonly #parts: Parts;
  readonly #seen = new Map<string, Promise<Seen>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param silentMs how long nothing was heard of it
   * @param goneAfter from which silence on a task is lost that its queue does not have (the queue may be just about to
   *   have it again), and from which on it is, whatever is in the queue
   * @throws {AltsError} `queue_unavailable`
   */
  async judge(task: TaskRow, silentMs: number, goneAfter: { readonly emptyMs: number; readonly anyMs: number }) {
    const { depth, dead } = await this.#lookInto(task.queue);
    const letter = dead.get(task.id);
    if (letter) return this.#bury(task, letter);
    if (silentMs < goneAfter.emptyMs) return;
    if (depth.waiting + depth.retrying > 0 && silentMs < goneAfter.anyMs) return;
    if (task.cancelled_at !== null) return endWithoutReport(this.#parts, task, { verdict: 'cancelled' });
    if (task.attempt >= MAX_ATTEMPTS) return this.#giveUp(task);
    const { id: taskId, queue, attempt } = task;
    if (await this.#parts.table.republish(task)) {
      this.#parts.log.warn({ taskId, queue, attempt, silentMs }, 'a task was lost; publishing it again');
    }
  }

  /** Its queue gave up, which nobody but the queue knows. The letter stays, for somebody to look at. */
  async #bury(task: TaskRow, { reason, attempts }: DeadLetter): Promise<void> {
    const verdict = task.cancelled_at === null ? 'error' : 'cancelled';
    const message = `${task.queue} gave up: ${reason}`;
    const attempt = Math.max(task.attempt, attempts);
    const error = { code: 'environment_lost', message };
    await endWithoutReport(this.#parts, { id: task.id, attempt }, { verdict, error });
  }

  async #giveUp(task: TaskRow): Promise<void> {
    const message = `nothing came of ${task.attempt} attempts: the last was heard of at ${task.heard_at}`;
    const error = { code: 'environment_lost', message };
    await endWithoutReport(this.#parts, task, { verdict: 'error', error });
  }

  #lookInto(queue: string): Promise<Seen> {
    const known = this.#seen.get(queue) ?? this.#look(queue);
    this.#seen.set(queue, known);
    return known;
  }

  async #look(queue: string): Promise<Seen> {
    const depth = await this.#parts.queue.depth(queue);
    const dead = new Map<string, DeadLetter>();
    if (depth.dead > 0) {
      for await (const letter of this.#parts.queue.deadLetters(queue)) {
        if (letter.message) dead.set(letter.message.taskId, letter);
      }
    }
    return { depth, dead };
  }
}
