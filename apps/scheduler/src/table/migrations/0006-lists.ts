import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Lists of tasks by what they are asked for, the newest first. What is for some tasks only is small, and costs those that
 * are accepted nothing.
 */
export const lists: Migration = {
  async up(db: Kysely<{ tasks: { verdict: string | null } }>): Promise<void> {
    // Version and architecture last: a list of a distribution is in order, and the rest is told without reading tasks.
    await db.schema
      .createIndex('tasks_by_system')
      .on('tasks')
      .columns(['distribution', 'accepted_at', 'id', 'version', 'architecture'])
      .execute();
    await db.schema
      .createIndex('tasks_by_verdict')
      .on('tasks')
      .columns(['verdict', 'accepted_at', 'id'])
      .where('verdict', 'is not', null)
      .execute();
    await db.schema
      .createIndex('tasks_by_state')
      .on('tasks')
      .columns(['state', 'accepted_at', 'id'])
      .where(sql.ref('verdict'), 'is', null)
      .execute();
  },
};
