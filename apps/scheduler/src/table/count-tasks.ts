import type { Kysely } from 'kysely';
import { type Database, type TaskState, UNFINISHED } from './schema.ts';

export interface QueueCount {
  readonly queue: string;
  readonly state: TaskState;
  readonly count: number;
}

/** Queues of the tasks that were accepted last, finished or not. */
export async function recentQueues(db: Kysely<Database>, limit: number): Promise<string[]> {
  const recent = db.selectFrom('tasks').select('queue').orderBy('accepted_at', 'desc').limit(limit);
  const found = await db.selectFrom(recent.as('recent')).select('queue').distinct().execute();
  return found.map(({ queue }) => queue);
}

/** How many unfinished tasks there are, by queue and state. */
export async function countsByQueue(db: Kysely<Database>): Promise<QueueCount[]> {
  const found = await db
    .selectFrom('tasks')
    .select(['queue', 'state', (each) => each.fn.countAll<number>().as('count')])
    .where('state', 'in', UNFINISHED)
    .groupBy(['queue', 'state'])
    .execute();
  return found.map(({ queue, state, count }) => ({ queue, state, count: Number(count) }));
}

/** How many tasks there are in each state that is not the last. */
export async function counts(db: Kysely<Database>): Promise<ReadonlyMap<TaskState, number>> {
  const found = await db
    .selectFrom('tasks')
    .select(['state', (each) => each.fn.countAll<number>().as('count')])
    .where('state', 'in', UNFINISHED)
    .groupBy('state')
    .execute();
  return new Map(found.map(({ state, count }) => [state, Number(count)]));
}
