import { TaskId } from '@alts/sdk/plugin';
import { type Kysely, sql } from 'kysely';
import { counts, countsByQueue, type QueueCount, recentQueues } from './count-tasks.ts';
import { listTasks, type TaskFilter } from './list-tasks.ts';
import { type NewTask, putInOutbox } from './new-task.ts';
import type { OpenDatabase } from './open-database.ts';
import { pieces } from './pieces.ts';
import { RowLocks } from './row-locks.ts';
import { type Database, type OutboxRow, type TaskRow, type TaskState, UNFINISHED } from './schema.ts';
import { TaskInserts } from './task-inserts.ts';

/** How a task ended. */
export interface Outcome {
  readonly verdict: NonNullable<TaskRow['verdict']>;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** JSON. */
  readonly summary?: string | undefined;
  /** JSON: what the client is told, if it wants to be told. */
  readonly callback?: string | undefined;
}

/** An outbox row is put off for so long while somebody publishes it: when they die, another takes it. */
const CLAIM_MS = 30_000;

/** All that is known of tasks, on disk. Every change says from which state it may come, so that none is made twice. */
export class TaskTable implements AsyncDisposable {
  readonly #db: Kysely<Database>;
  readonly #reads: Kysely<Database>;
  readonly #inserts: TaskInserts;
  readonly #locks: RowLocks;
  readonly #together: OpenDatabase['together'];
  readonly #transaction: OpenDatabase['transaction'];
  readonly #now: () => Date;

  constructor(database: OpenDatabase, now: () => Date = () => new Date()) {
    const { db, reads, together, transaction } = database;
    this.#db = db;
    this.#reads = reads;
    this.#together = together;
    this.#transaction = transaction;
    this.#now = now;
    this.#inserts = new TaskInserts(database, now);
    this.#locks = new RowLocks(database);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db.destroy();
  }

  /**
   * Resolves when the task is on the disk, together with what is to be published of it: accepted means safe.
   * @returns what is to be published; it is claimed for the caller, and is given to another when it was not published soon
   * @throws {AltsError} `invalid_request` for an id that is taken; `store_unavailable`
   */
  async accept(task: NewTask): Promise<OutboxRow> {
    const [row] = await this.acceptAll([task]);
    return row as OutboxRow;
  }

  /** The same for several, in one transaction: all of them, in their order, or none. */
  acceptAll(tasks: readonly NewTask[]): Promise<OutboxRow[]> {
    return this.#inserts.add(tasks, new Date(this.#now().getTime() + CLAIM_MS));
  }

  /** Takes messages that are due, for as long as it takes to publish them; nobody else is given the same meanwhile. */
  async claim(limit: number): Promise<OutboxRow[]> {
    const now = this.#now();
    const due = this.#db
      .selectFrom('outbox')
      .select('task_id')
      .where('due_at', '<=', now.toISOString())
      .orderBy('due_at')
      .limit(limit);
    return this.#db
      .updateTable('outbox')
      .set({ due_at: new Date(now.getTime() + CLAIM_MS).toISOString(), tries: sql`tries + 1` })
      .where('task_id', 'in', this.#locks.skippingTaken(due))
      .returningAll()
      .execute();
  }

  /** The queue has confirmed them. */
  async published(taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    const at = this.#now().toISOString();
    const changes = [...pieces(taskIds)].flatMap((some) => [
      this.#db
        .updateTable('tasks')
        .set({ state: 'queued', queued_at: at, heard_at: at })
        .where('id', 'in', some)
        .where('state', '=', 'accepted')
        .compile(),
      this.#db.deleteFrom('outbox').where('task_id', 'in', some).compile(),
    ]);
    await this.#together([...this.#locks.lockingTasks(taskIds), ...changes]);
  }

  /**
   * Puts all that is unfinished back into the outbox: for a queue that has lost what it had.
   * @returns how many
   */
  async republishAll(): Promise<number> {
    const at = this.#now().toISOString();
    return this.#transaction(async (transaction) => {
      await this.#locks.lockTasks(transaction, (each) => each('state', 'in', ['queued', 'running']));
      const lost = await transaction
        .updateTable('tasks')
        .set({ state: 'accepted', attempt: 0, heard_at: at })
        .where('state', 'in', ['queued', 'running'])
        .returning(['id', 'queue', 'priority', 'request'])
        .execute();
      for (const each of lost) await putInOutbox(transaction, { ...each, attempt: 0 }, at);
      return lost.length;
    });
  }

  /** The queue would not have it now. */
  async postpone(taskId: string, untilMs: number): Promise<void> {
    const due_at = new Date(untilMs).toISOString();
    await this.#db.updateTable('outbox').set({ due_at }).where('task_id', '=', taskId).execute();
  }

  /** A worker has begun an attempt; an older attempt that is still heard of changes nothing. */
  async started(taskId: string, attempt: number, worker: string | null = null): Promise<boolean> {
    const at = this.#now().toISOString();
    const { numUpdatedRows } = await this.#db
      .updateTable('tasks')
      // Who is quicker than what the queue confirmed is written down has it from the queue.
      .set({
        state: 'running',
        attempt,
        worker,
        queued_at: sql`coalesce(queued_at, ${at})`,
        started_at: at,
        heard_at: at,
      })
      .where('id', '=', taskId)
      .where('state', 'in', UNFINISHED)
      .where((each) =>
        each.or([
          each('attempt', '<', attempt),
          // One that was taken for lost, and published again.
          each.and([each('attempt', '=', attempt), each('state', '!=', 'running')]),
        ]),
      )
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** A worker says that it runs them. */
  async heard(taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    const heard_at = this.#now().toISOString();
    const update = this.#db
      .updateTable('tasks')
      .set({ heard_at })
      .where('id', 'in', taskIds)
      .where('state', '=', 'running');
    await this.#together([...this.#locks.lockingTasks(taskIds), update.compile()]);
  }

  /** What is known of tasks that a worker says it runs. */
  async statesOf(taskIds: readonly string[]) {
    if (taskIds.length === 0) return [];
    return this.#db
      .selectFrom('tasks')
      .select(['id', 'state', 'attempt', 'cancelled_at', 'cancel_reason'])
      .where('id', 'in', taskIds)
      .execute();
  }

  /**
   * Puts a task that got lost back into the outbox; the attempts that were heard of count.
   * @returns whether it was unfinished still, and no attempt was heard of meanwhile
   */
  async republish({ id, attempt }: Pick<TaskRow, 'id' | 'attempt'>): Promise<boolean> {
    const at = this.#now().toISOString();
    return this.#transaction(async (transaction) => {
      const lost = await transaction
        .updateTable('tasks')
        .set({ state: 'accepted', heard_at: at })
        .where('id', '=', id)
        .where('state', 'in', ['queued', 'running'])
        .where('attempt', '=', attempt)
        .returning(['queue', 'priority', 'request'])
        .executeTakeFirst();
      if (!lost) return false;
      await putInOutbox(transaction, { id, attempt, ...lost }, at);
      return true;
    });
  }

  /** Queues of the tasks that were accepted last, finished or not. */
  recentQueues(limit: number): Promise<string[]> {
    return recentQueues(this.#db, limit);
  }

  /** How many unfinished tasks there are, by queue and state. */
  countsByQueue(): Promise<QueueCount[]> {
    return countsByQueue(this.#reads);
  }

  /**
   * Ends a task, once: later ends, and those of attempts that were overtaken, change nothing.
   * @returns whether this was the end
   */
  async finish(taskId: string, attempt: number, outcome: Outcome): Promise<boolean> {
    return this.#transaction(async (transaction) => {
      const ended = await this.#end(transaction, taskId, attempt, outcome);
      if (!ended) return false;
      await transaction.deleteFrom('outbox').where('task_id', '=', taskId).execute();
      const { callback_href: href, finished_at } = ended;
      if (href && outcome.callback !== undefined) {
        const row = {
          task_id: taskId,
          href,
          host: URL.parse(href)?.host ?? '',
          body: outcome.callback,
          tries: 0,
          due_at: finished_at ?? '',
          problem: null,
        };
        await transaction.insertInto('callbacks').values(row).execute();
      }
      return true;
    });
  }

  async #end(transaction: Kysely<Database>, taskId: string, attempt: number, { verdict, error, summary }: Outcome) {
    const at = this.#now().toISOString();
    return transaction
      .updateTable('tasks')
      .set({
        state: 'finished',
        verdict,
        attempt,
        error: error === undefined ? null : JSON.stringify(error),
        summary: summary ?? null,
        // A report is a worker's, also where its beginning was never heard of.
        ...(summary !== undefined && { queued_at: sql<string>`coalesce(queued_at, ${at})` }),
        finished_at: at,
        heard_at: at,
      })
      .where('id', '=', taskId)
      .where('state', 'in', UNFINISHED)
      .where('attempt', '<=', attempt)
      .returning(['callback_href', 'finished_at'])
      .executeTakeFirst();
  }

  /**
   * Notes that tasks shall stop; those that are finished, and those that nobody knows, are passed over.
   * @returns those that it concerns, also where it was noted before
   */
  async cancel(
    ids: { readonly taskIds?: readonly string[]; readonly externalIds?: readonly string[] },
    reason: string,
  ) {
    const { taskIds = [], externalIds = [] } = ids;
    const at = this.#now().toISOString();
    return this.#transaction(async (transaction) => {
      const concerned = await this.#unfinished(transaction, taskIds, externalIds);
      if (concerned.length === 0) return [];
      await this.#locks.lockTasks(transaction, (each) => each('id', 'in', concerned));
      return transaction
        .updateTable('tasks')
        .set({
          cancel_reason: sql`coalesce(cancel_reason, ${reason})`,
          cancelled_at: sql`coalesce(cancelled_at, ${at})`,
        })
        .where('id', 'in', concerned)
        .where('state', 'in', UNFINISHED)
        .returningAll()
        .execute();
    });
  }

  /** By their names, and not by their state: for that, all that wait would be looked at. */
  async #unfinished(db: Kysely<Database>, taskIds: readonly string[], externalIds: readonly string[]) {
    const named = db.selectFrom('tasks').select(['id', 'state']);
    const found = await named
      .where('id', 'in', [...taskIds, ''])
      .union(named.where('external_id', 'in', [...externalIds, '']))
      .execute();
    return found.filter(({ state }) => state !== 'finished').map(({ id }) => id);
  }

  /** Ids of tasks that ended before, those that ended first before others. */
  async finishedBefore(end: Date, limit: number): Promise<string[]> {
    const found = await this.#db
      .selectFrom('tasks')
      .select('id')
      .where('finished_at', '<', end.toISOString())
      .orderBy('finished_at')
      .limit(limit)
      .execute();
    return found.map(({ id }) => id);
  }

  /** Removes what is known of tasks that are finished; what clients are still to be told stays until they are told. */
  async forget(taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    await this.#together([
      ...this.#locks.lockingTasks(taskIds),
      this.#db.deleteFrom('events').where('task_id', 'in', taskIds).compile(),
      this.#db.deleteFrom('tasks').where('id', 'in', taskIds).where('state', '=', 'finished').compile(),
    ]);
  }

  /** Undefined for a task that is not there, and for what can be no id: a NUL in it, PostgreSQL would not take. */
  async find(taskId: string): Promise<TaskRow | undefined> {
    if (!TaskId.safeParse(taskId).success) return undefined;
    return this.#db.selectFrom('tasks').selectAll().where('id', '=', taskId).executeTakeFirst();
  }

  /** The newest first. */
  async list(filter: TaskFilter): Promise<TaskRow[]> {
    return listTasks(this.#reads, filter).execute();
  }

  /** How many tasks there are in each state that is not the last. */
  counts(): Promise<ReadonlyMap<TaskState, number>> {
    return counts(this.#reads);
  }

  /**
   * Unfinished tasks of which nothing was heard since then, and that nobody looked after since then; now somebody does.
   * Those that waited longest come first.
   */
  async silent(state: TaskState, since: Date, limit: number): Promise<TaskRow[]> {
    const limitAt = since.toISOString();
    const found = this.#db
      .selectFrom('tasks')
      .select('id')
      .where('state', '=', state)
      .where('looked_at', '<', limitAt)
      .where('heard_at', '<', limitAt)
      .orderBy('looked_at')
      .limit(limit);
    return this.#db
      .updateTable('tasks')
      .set({ looked_at: this.#now().toISOString() })
      .where('id', 'in', this.#locks.skippingTaken(found))
      .returningAll()
      .execute();
  }
}
