import { AltsError } from '@alts/sdk/plugin';
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { tasks } from './migrations/0001-tasks.ts';
import { callbacks } from './migrations/0002-callbacks.ts';
import { expiry } from './migrations/0003-expiry.ts';
import { priority } from './migrations/0004-priority.ts';
import { callbackHosts } from './migrations/0005-callback-hosts.ts';
import { lists } from './migrations/0006-lists.ts';
import type { Database } from './schema.ts';

/** Every migration by its name, oldest first; what was released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tasks': tasks,
  '0002-callbacks': callbacks,
  '0003-expiry': expiry,
  '0004-priority': priority,
  '0005-callback-hosts': callbackHosts,
  '0006-lists': lists,
};

/**
 * Brings the tables to what this version needs; several schedulers may do it at the same time.
 * @returns names of the migrations that were made
 * @throws {AltsError} `store_unavailable`, also for a database that a newer version has migrated
 */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AltsError('store_unavailable', `the task table cannot be migrated: ${reason}`, { cause: error });
  }
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}
