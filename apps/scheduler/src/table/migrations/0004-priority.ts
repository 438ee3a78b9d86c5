import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which tasks go first, also when they are published again. */
export const priority: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('tasks')
      .addColumn('priority', 'text', (column) => column.notNull().defaultTo('normal'))
      .execute();
  },
};
