import { AltsError, TaskId, type TaskMessage } from '@alts/sdk/plugin';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { GroupCommit } from './group-commit.ts';
import { pieces } from './pieces.ts';
import type { Database, OutboxRow, TaskRow, TaskState } from './schema.ts';

/** A task as it is accepted. */
export interface NewTask {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly architecture: string;
  readonly package: string;
  readonly externalId?: string | undefined;
  readonly callbackHref?: string | undefined;
  readonly rerunOf?: string | undefined;
  /** Default normal. */
  readonly priority?: OutboxRow['priority'] | undefined;
}

/** A database, and what it can do. */
export interface OpenDatabase {
  readonly db: Kysely<Database>;
  /** It has `FOR UPDATE SKIP LOCKED`, which several writers need, and SQLite has one. */
  readonly locks: boolean;
  /** Runs them in one transaction: all or none. */
  together(queries: readonly CompiledQuery[]): Promise<void>;
}

/** How a task ended. */
export interface Outcome {
  readonly verdict: NonNullable<TaskRow['verdict']>;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** JSON. */
  readonly summary?: string | undefined;
  /** JSON: what the client is told, if it wants to be told. */
  readonly callback?: string | undefined;
}

/** Which tasks are asked for; left out: any. */
export interface TaskFilter {
  readonly state?: TaskState | undefined;
  readonly verdict?: TaskRow['verdict'] | undefined;
  readonly package?: string | undefined;
  /** `debian`, `debian:12` or `debian:12/x86_64`. */
  readonly system?: string | undefined;
  /** Accepted at or after, and before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** What comes behind this one. */
  readonly after?: { readonly acceptedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** An outbox row is put off for so long while somebody publishes it: when they die, another takes it. */
const CLAIM_MS = 30_000;
const UNFINISHED: readonly TaskState[] = ['accepted', 'queued', 'running'];

interface Accepting {
  readonly task: NewTask;
  readonly row: OutboxRow;
}

/** All that is known of tasks, on disk. Every change says from which state it may come, so that none is made twice. */
export class TaskTable implements AsyncDisposable {
  readonly #db: Kysely<Database>;
  readonly #accepting: GroupCommit<Accepting>;
  readonly #locks: boolean;
  readonly #together: OpenDatabase['together'];
  readonly #now: () => Date;

  constructor({ db, locks, together }: OpenDatabase, now: () => Date = () => new Date()) {
    this.#db = db;
    this.#locks = locks;
    this.#together = together;
    this.#now = now;
    this.#accepting = new GroupCommit((tasks) => this.#accept(tasks));
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
    const row = outboxRowOf(task, this.#now());
    try {
      await this.#accepting.add({ task, row });
      return row;
    } catch (cause) {
      if (AltsError.is(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (/unique|duplicate key/i.test(reason)) {
        throw new AltsError('invalid_request', `taskId: there is a task ${task.message.taskId} already`, { cause });
      }
      throw new AltsError('store_unavailable', `the task table refuses: ${reason}`, { cause });
    }
  }

  async #accept(accepting: readonly Accepting[]): Promise<void> {
    const at = this.#now().toISOString();
    const inserts = [...pieces(accepting)].flatMap((some) => [
      this.#db
        .insertInto('tasks')
        .values(some.map(({ task }) => rowOf(task, at)))
        .compile(),
      this.#db
        .insertInto('outbox')
        .values(some.map(({ row }) => row))
        .compile(),
    ]);
    await this.#together(inserts);
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
      .where('task_id', 'in', this.#locks ? due.forUpdate().skipLocked() : due)
      .returningAll()
      .execute();
  }

  /** The queue has confirmed them. */
  async published(taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    const at = this.#now().toISOString();
    const changes = [...pieces(taskIds)].flatMap((some) => [
      this.#db.deleteFrom('outbox').where('task_id', 'in', some).compile(),
      this.#db
        .updateTable('tasks')
        .set({ state: 'queued', queued_at: at, heard_at: at })
        .where('id', 'in', some)
        .where('state', '=', 'accepted')
        .compile(),
    ]);
    await this.#together(changes);
  }

  /**
   * Puts all that is unfinished back into the outbox: for a queue that has lost what it had.
   * @returns how many
   */
  async republishAll(): Promise<number> {
    const at = this.#now().toISOString();
    return this.#db.transaction().execute(async (transaction) => {
      const lost = await transaction
        .updateTable('tasks')
        .set({ state: 'accepted', attempt: 0, heard_at: at })
        .where('state', 'in', ['queued', 'running'])
        .returning(['id', 'queue', 'request'])
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
      .set({ state: 'running', attempt, worker, started_at: at, heard_at: at })
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
    await this.#db
      .updateTable('tasks')
      .set({ heard_at })
      .where('id', 'in', taskIds)
      .where('state', '=', 'running')
      .execute();
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
    return this.#db.transaction().execute(async (transaction) => {
      const lost = await transaction
        .updateTable('tasks')
        .set({ state: 'accepted', heard_at: at })
        .where('id', '=', id)
        .where('state', 'in', ['queued', 'running'])
        .where('attempt', '=', attempt)
        .returning(['queue', 'request'])
        .executeTakeFirst();
      if (!lost) return false;
      await putInOutbox(transaction, { id, attempt, ...lost }, at);
      return true;
    });
  }

  /** Queues of the tasks that were accepted last, finished or not. */
  async recentQueues(limit: number): Promise<string[]> {
    const recent = this.#db.selectFrom('tasks').select('queue').orderBy('accepted_at', 'desc').limit(limit);
    const found = await this.#db.selectFrom(recent.as('recent')).select('queue').distinct().execute();
    return found.map(({ queue }) => queue);
  }

  /** How many unfinished tasks there are, by queue and state. */
  async countsByQueue(): Promise<{ readonly queue: string; readonly state: TaskState; readonly count: number }[]> {
    const found = await this.#db
      .selectFrom('tasks')
      .select(['queue', 'state', (each) => each.fn.countAll<number>().as('count')])
      .where('state', 'in', UNFINISHED)
      .groupBy(['queue', 'state'])
      .execute();
    return found.map(({ queue, state, count }) => ({ queue, state, count: Number(count) }));
  }

  /**
   * Ends a task, once: later ends, and those of attempts that were overtaken, change nothing.
   * @returns whether this was the end
   */
  async finish(taskId: string, attempt: number, outcome: Outcome): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const ended = await this.#end(transaction, taskId, attempt, outcome);
      if (!ended) return false;
      await transaction.deleteFrom('outbox').where('task_id', '=', taskId).execute();
      const { callback_href: href, finished_at } = ended;
      if (href && outcome.callback !== undefined) {
        const row = {
          task_id: taskId,
          href,
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
    return this.#db
      .updateTable('tasks')
      .set({ cancel_reason: sql`coalesce(cancel_reason, ${reason})`, cancelled_at: sql`coalesce(cancelled_at, ${at})` })
      .where('state', 'in', UNFINISHED)
      .where((each) => each.or([each('id', 'in', [...taskIds, '']), each('external_id', 'in', [...externalIds, ''])]))
      .returningAll()
      .execute();
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
  async list({ after, limit, ...filter }: TaskFilter): Promise<TaskRow[]> {
    let query = this.#db.selectFrom('tasks').selectAll();
    for (const [column, operator, value] of conditions(filter)) {
      if (value !== undefined) query = query.where(column, operator, value);
    }
    if (after) {
      query = query.where((each) =>
        each.or([
          each('accepted_at', '<', after.acceptedAt),
          each.and([each('accepted_at', '=', after.acceptedAt), each('id', '<', after.id)]),
        ]),
      );
    }
    return query.orderBy('accepted_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  /** How many tasks there are in each state that is not the last. */
  async counts(): Promise<ReadonlyMap<TaskState, number>> {
    const found = await this.#db
      .selectFrom('tasks')
      .select(['state', (each) => each.fn.countAll<number>().as('count')])
      .where('state', 'in', UNFINISHED)
      .groupBy('state')
      .execute();
    return new Map(found.map(({ state, count }) => [state, Number(count)]));
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
      .where('id', 'in', this.#locks ? found.forUpdate().skipLocked() : found)
      .returningAll()
      .execute();
  }
}

/** A task that is there already stays as it is. */
async function putInOutbox(
  transaction: Kysely<Database>,
  { id, queue, request, attempt }: Pick<TaskRow, 'id' | 'queue' | 'request' | 'attempt'>,
  at: string,
): Promise<void> {
  const message: TaskMessage = {
    schemaVersion: 1,
    taskId: id,
    request: JSON.parse(request) as TaskMessage['request'],
    ...(attempt > 0 && { attempts: attempt }),
  };
  await transaction
    .insertInto('outbox')
    .values({ task_id: id, queue, message: JSON.stringify(message), priority: 'normal', tries: 0, due_at: at })
    .onConflict((conflict) => conflict.column('task_id').doNothing())
    .execute();
}

function conditions({ state, verdict, package: name, system, since, until }: Omit<TaskFilter, 'after' | 'limit'>) {
  const [, distribution, version, architecture] = /^([^:/]*)(?::([^/]*))?(?:\/(.*))?$/.exec(system ?? '') ?? [];
  return [
    ['state', '=', state],
    ['verdict', '=', verdict],
    ['package', '=', name],
    ['distribution', '=', distribution || undefined],
    ['version', '=', version],
    ['architecture', '=', architecture],
    ['accepted_at', '>=', since],
    ['accepted_at', '<', until],
  ] as const;
}

function outboxRowOf({ message, queue, priority = 'normal' }: NewTask, now: Date): OutboxRow {
  const due_at = new Date(now.getTime() + CLAIM_MS).toISOString();
  return { task_id: message.taskId, queue, message: JSON.stringify(message), priority, tries: 1, due_at };
}

function rowOf({ message, queue, architecture, ...task }: NewTask, at: string): TaskRow {
  const { system } = message.request;
  return {
    id: message.taskId,
    external_id: task.externalId ?? null,
    state: 'accepted',
    verdict: null,
    attempt: 0,
    queue,
    package: task.package,
    distribution: system.distribution,
    version: system.version,
    architecture,
    request: JSON.stringify(message.request),
    callback_href: task.callbackHref ?? null,
    worker: null,
    error: null,
    summary: null,
    rerun_of: task.rerunOf ?? null,
    cancel_reason: null,
    cancelled_at: null,
    accepted_at: at,
    queued_at: null,
    started_at: null,
    finished_at: null,
    heard_at: at,
    looked_at: at,
  };
}
