import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which tasks ended first. */
export const expiry: Migration = {
  async up(db: Kysely<{ tasks: { finished_at: string | null } }>): Promise<void> {
    await db.schema
      .createIndex('tasks_by_end')
      .on('tasks')
      .column('finished_at')
      .where('finished_at', 'is not', null)
      .execute();
  },
};
