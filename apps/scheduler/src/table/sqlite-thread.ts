import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** The thread that has the file: waiting for the disk there, nobody else waits. */

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Which file, and whether nothing is to be written. */
export interface SqliteFile {
  readonly path: string;
  readonly readOnly: boolean;
}

/** Statements to run; with `atomic` all or none of them. */
export interface SqliteCall {
  readonly id: number;
  readonly statements: readonly Statement[];
  readonly atomic: boolean;
}

export interface SqliteResult {
  readonly rows: readonly unknown[];
  readonly changes: number | undefined;
}

export type SqliteAnswer = { readonly id: number } & ({ readonly results: SqliteResult[] } | { readonly error: Error });

/** How long a write waits for another process, such as a back-up. */
const BUSY_MS = 5000;
/** Pages of the log (32 MiB) that are brought into the file together: one that many tasks changed goes there but once. */
const LOG_PAGES = 8000;
/** What is committed is on the disk, and who reads waits for nobody who writes. */
const PRAGMAS = [`busy_timeout=${BUSY_MS}`, 'journal_mode=WAL', 'synchronous=FULL', `wal_autocheckpoint=${LOG_PAGES}`];
/** Of one that only reads; the rest is written in the file, or is of no concern to it. */
const READING = PRAGMAS.slice(0, 1);
const MAX_PREPARED = 200;

const port = parentPort;
if (port) {
  const { path, readOnly } = workerData as SqliteFile;
  const database = new DatabaseSync(path, { readOnly });
  for (const pragma of readOnly ? READING : PRAGMAS) database.exec(`PRAGMA ${pragma}`);
  const run = runner(database);
  port.on('message', (call: SqliteCall | 'close') => {
    if (call === 'close') {
      database.close();
      port.close();
    } else port.postMessage(answer(run, database, call));
  });
  port.postMessage('open');
}

function answer(run: Run, database: DatabaseSync, { id, statements, atomic }: SqliteCall): SqliteAnswer {
  try {
    if (atomic) database.exec('begin');
    const results = statements.map(run);
    if (atomic) database.exec('commit');
    return { id, results };
  } catch (error) {
    if (atomic) rollBack(database);
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Some errors have ended the transaction, and then there is none to roll back. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec('rollback');
  } catch {
    // What went wrong is told already.
  }
}

type Run = (statement: Statement) => SqliteResult;

function runner(database: DatabaseSync): Run {
  const prepared = new Map<string, { readonly statement: StatementSync; readonly reads: boolean }>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    const statement = database.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0 };
    prepared.set(sql, made);
    return made;
  };
  return ({ sql, parameters }) => {
    const { statement, reads } = prepare(sql);
    const values = parameters as SQLInputValue[];
    if (reads) return { rows: statement.all(...values), changes: undefined };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  };
}
