import { AnswerTable } from './answer-table.ts';
import { CallbackTable } from './callback-table.ts';
import { EventTable } from './event-table.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './postgres.ts';
import { TaskTable } from './task-table.ts';

/** All that a scheduler keeps, in one database; disposing closes it. */
export interface Tables extends AsyncDisposable {
  readonly table: TaskTable;
  readonly events: EventTable;
  readonly answers: AnswerTable;
  readonly callbacks: CallbackTable;
}

/**
 * Opens the tables, which are made, or brought to what this version needs.
 * @param where a file of SQLite, `:memory:`, or `postgres://user:password@host/database`
 * @throws {AltsError} `store_unavailable`; `invalid_request` for another kind of database
 */
export async function openTables(where: string): Promise<Tables> {
  const database = await openDatabase(where);
  const close = () => database.db.destroy();
  try {
    await migrate(database.db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    table: new TaskTable(database),
    events: new EventTable(database),
    answers: new AnswerTable(database.db),
    callbacks: new CallbackTable(database),
    [Symbol.asyncDispose]: close,
  };
}
