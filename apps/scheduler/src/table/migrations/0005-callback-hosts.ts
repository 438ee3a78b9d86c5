import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who is to be told, so that one who does not answer is left out while others are told. */
export const callbackHosts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('callbacks')
      .addColumn('host', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
