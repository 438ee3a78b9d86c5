import type { CompiledQuery, Expression, ExpressionBuilder, Kysely, SelectQueryBuilder, SqlBool } from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import type { Database } from './schema.ts';

type TaskExpression = ExpressionBuilder<Database, 'tasks'>;

/** Locks of rows, in a database that several write to; where nobody else writes, nothing is locked. */
export class RowLocks {
  readonly #db: Kysely<Database>;
  readonly #locks: boolean;

  constructor({ db, locks }: Pick<OpenDatabase, 'db' | 'locks'>) {
    this.#db = db;
    this.#locks = locks;
  }

  /**
   * Rows of tasks are locked in the order of their ids by whoever changes several, or one and then what is kept beside it:
   * of two with another order each may wait for the other.
   */
  async lockTasks(transaction: Kysely<Database>, which: (each: TaskExpression) => Expression<SqlBool>): Promise<void> {
    if (!this.#locks) return;
    await transaction.selectFrom('tasks').select('id').where(which).orderBy('id').forUpdate().execute();
  }

  /** The same as a query to begin with; none where nothing is locked. */
  lockingTasks(taskIds: readonly string[]): CompiledQuery[] {
    if (!this.#locks) return [];
    const query = this.#db.selectFrom('tasks').select('id').where('id', 'in', taskIds).orderBy('id').forUpdate();
    return [query.compile()];
  }

  /** Takes what is found, without the rows that somebody else has just taken. */
  skippingTaken<Table extends keyof Database, Row>(found: SelectQueryBuilder<Database, Table, Row>) {
    return this.#locks ? found.forUpdate().skipLocked() : found;
  }
}
