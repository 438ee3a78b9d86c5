import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** A database, and what it can do. */
export interface OpenDatabase {
  readonly db: Kysely<Database>;
  /**
   * For what reads much and may wait: what was committed is seen, and who writes waits for nothing here. Closed with `db`;
   * the same where readers are in nobody's way.
   */
  readonly reads: Kysely<Database>;
  /** It has `FOR UPDATE SKIP LOCKED`, which several writers need, and SQLite has one. */
  readonly locks: boolean;
  /** Runs them in one transaction: all or none. */
  together(queries: readonly CompiledQuery[]): Promise<void>;
  /** The same where a query depends on what another gave. Where the database asks for it, all of `work` is done again. */
  transaction<T>(work: (transaction: Kysely<Database>) => Promise<T>): Promise<T>;
}
