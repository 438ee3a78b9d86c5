import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tasks, what of them is still to be published, what was heard of them, and what was answered. */
export const tasks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('tasks')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('external_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('verdict', 'text')
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('package', 'text', (column) => column.notNull())
      .addColumn('distribution', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('architecture', 'text', (column) => column.notNull())
      .addColumn('request', 'text', (column) => column.notNull())
      .addColumn('callback_href', 'text')
      .addColumn('worker', 'text')
      .addColumn('error', 'text')
      .addColumn('summary', 'text')
      .addColumn('rerun_of', 'text')
      .addColumn('cancel_reason', 'text')
      .addColumn('cancelled_at', 'text')
      .addColumn('accepted_at', 'text', (column) => column.notNull())
      .addColumn('queued_at', 'text')
      .addColumn('started_at', 'text')
      .addColumn('finished_at', 'text')
      .addColumn('heard_at', 'text', (column) => column.notNull())
      .addColumn('looked_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('tasks_by_time').on('tasks').columns(['accepted_at', 'id']).execute();
    await db.schema.createIndex('tasks_by_life').on('tasks').columns(['state', 'looked_at']).execute();
    await db.schema.createIndex('tasks_by_external_id').on('tasks').column('external_id').execute();
    await db.schema.createIndex('tasks_by_package').on('tasks').columns(['package', 'accepted_at']).execute();
    await db.schema
      .createTable('outbox')
      .addColumn('task_id', 'text', (column) => column.primaryKey())
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('message', 'text', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('outbox_by_time').on('outbox').column('due_at').execute();
    await db.schema
      .createTable('events')
      .addColumn('task_id', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('events_key', ['task_id', 'attempt', 'sequence'])
      .execute();
    await db.schema
      .createTable('idempotency')
      .addColumn('caller', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('status', 'integer', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('idempotency_key', ['caller', 'key'])
      .execute();
  },
};
