import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { AltsError } from '@alts/sdk/plugin';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import type { Database } from './schema.ts';
import type { OpenDatabase } from './task-table.ts';

/** How long a write waits for another process, such as a back-up. */
const BUSY_MS = 5000;

/**
 * Opens a file of SQLite, by Node's own module: nothing has to be compiled. With a write-ahead log, and what is committed
 * is on the disk (`synchronous=FULL`): a task that was accepted survives a power failure.
 * @param path `:memory:` for one that goes with the process
 * @throws {AltsError} `store_unavailable`
 */
export function openSqlite(path: string): OpenDatabase {
  const database = open(path);
  for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', `busy_timeout=${BUSY_MS}`]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return { db: new Kysely<Database>({ dialect: new SqliteDialect({ database: adapt(database) }) }), locks: false };
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AltsError('store_unavailable', `the task table ${path} cannot be opened: ${reason}`, { cause });
  }
}

type Parameters = SQLInputValue[];
/** Statements of many rows differ by their number. */
const MAX_PREPARED = 500;

/** What Kysely needs of it, in the words of better-sqlite3. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as Parameters)),
        run: (parameters) => statement.run(...(parameters as Parameters)),
        iterate: (parameters) => statement.iterate(...(parameters as Parameters)),
      };
    },
  };
}
