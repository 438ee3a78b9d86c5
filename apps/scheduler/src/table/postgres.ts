import { AltsError } from '@alts/sdk/plugin';
import { Kysely } from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import { NamingPostgresDialect } from './postgres-dialect.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Database } from './schema.ts';

/** `int8` of PostgreSQL, by its object id: pg gives texts, and no number of ours is too large for a number. */
const INT8 = 20;
const MAX_CONNECTIONS = 10;
/** How long a connection may take to come about. */
const CONNECT_MS = 10_000;

/**
 * Opens a database of PostgreSQL, which several schedulers may share. Connects when it is first used.
 * @param url `postgres://user:password@host/database`, with the parameters of pg
 */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  // Loaded only where it is used: most schedulers have SQLite.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    types: { getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)) },
  });
  // A connection that idles and breaks is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Database>({ dialect: new NamingPostgresDialect({ pool }) });
  const transaction: OpenDatabase['transaction'] = (work) => retryConflicts(() => db.transaction().execute(work));
  return {
    db,
    reads: db,
    locks: true,
    transaction,
    together: (queries) =>
      transaction(async (inner) => {
        for (const query of queries) await inner.executeQuery(query);
      }),
  };
}

/** A file of SQLite, or the URL of PostgreSQL: as configuration names it. */
export async function openDatabase(where: string): Promise<OpenDatabase> {
  if (/^postgres(ql)?:\/\//.test(where)) return openPostgres(where);
  if (/^[a-z]+:\/\//.test(where)) {
    throw new AltsError(
      'invalid_request',
      `database: ${JSON.stringify(where.split('://')[0])} is not known; give a path or postgres://…`,
    );
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite(where);
}
