import { type Kysely, sql } from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import { RowLocks } from './row-locks.ts';
import type { CallbackRow, Database } from './schema.ts';

/** A callback is put off for so long while somebody posts it: when they die, another takes it. */
const CLAIM_MS = 2 * 60_000;

/** What clients are still to be told of tasks that are over; rows are made when tasks end, in the same commit. */
export class CallbackTable {
  readonly #db: Kysely<Database>;
  readonly #reads: Kysely<Database>;
  readonly #locks: RowLocks;
  readonly #now: () => Date;

  constructor(database: OpenDatabase, now: () => Date = () => new Date()) {
    this.#db = database.db;
    this.#reads = database.reads;
    this.#locks = new RowLocks(database);
    this.#now = now;
  }

  /**
   * Takes those that are due, for as long as it takes to post them; nobody else is given the same meanwhile.
   * @param but hosts whose callbacks stay where they are
   */
  async claim(limit: number, but: readonly string[] = []): Promise<CallbackRow[]> {
    const now = this.#now();
    const all = this.#db.selectFrom('callbacks').select('task_id').where('due_at', '<=', now.toISOString());
    const some = but.length > 0 ? all.where('host', 'not in', but) : all;
    const due = some.orderBy('due_at').limit(limit);
    return this.#db
      .updateTable('callbacks')
      .set({ due_at: new Date(now.getTime() + CLAIM_MS).toISOString(), tries: sql`tries + 1` })
      .where('task_id', 'in', this.#locks.skippingTaken(due))
      .returningAll()
      .execute();
  }

  /** The client has it, or will never have it. */
  async done(taskId: string): Promise<void> {
    await this.#db.deleteFrom('callbacks').where('task_id', '=', taskId).execute();
  }

  /** The client would not have it now. */
  async postpone(taskId: string, untilMs: number, problem: string): Promise<void> {
    const due_at = new Date(untilMs).toISOString();
    await this.#db.updateTable('callbacks').set({ due_at, problem }).where('task_id', '=', taskId).execute();
  }

  /** How many there are. */
  async count(): Promise<number> {
    const [found] = await this.#reads
      .selectFrom('callbacks')
      .select((each) => each.fn.countAll<number>().as('count'))
      .execute();
    return Number(found?.count ?? 0);
  }
}
