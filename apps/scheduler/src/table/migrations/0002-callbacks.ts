import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What clients are still to be told, and which tasks go first. */
export const callbacks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('outbox')
      .addColumn('priority', 'text', (column) => column.notNull().defaultTo('normal'))
      .execute();
    await db.schema
      .createTable('callbacks')
      .addColumn('task_id', 'text', (column) => column.primaryKey())
      .addColumn('href', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'text', (column) => column.notNull())
      .addColumn('problem', 'text')
      .execute();
    await db.schema.createIndex('callbacks_by_time').on('callbacks').column('due_at').execute();
  },
};
