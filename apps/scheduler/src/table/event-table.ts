import type { TaskEvent } from '@alts/sdk/plugin';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import { RowInserts } from './row-inserts.ts';
import type { Database, EventRow } from './schema.ts';

/** An event of a test, and of which attempt it is. */
export type TestTaskEvent = Extract<TaskEvent, { readonly kind: 'test' }>;

/** Where a reader is: behind this event. */
export interface EventPosition {
  readonly attempt: number;
  readonly sequence: number;
}

export interface KeptEvent extends EventPosition {
  /** JSON of a `TestEvent`. */
  readonly event: string;
}

/** Findings are bounded, and so are attempts. */
const MAX_TOLD = 10_000;

/** What was heard of tests while they ran; of several schedulers each may write the same. */
export class EventTable {
  readonly #db: Kysely<Database>;
  readonly #reads: Kysely<Database>;
  readonly #together: OpenDatabase['together'];
  readonly #inserts: RowInserts<EventRow>;

  constructor({ db, reads, together }: OpenDatabase) {
    this.#db = db;
    this.#reads = reads;
    this.#together = together;
    this.#inserts = new RowInserts((rows) =>
      db
        .insertInto('events')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['task_id', 'attempt', 'sequence']).doNothing())
        .compile(),
    );
  }

  async add(events: readonly TestTaskEvent[]): Promise<void> {
    // Of two schedulers that write the same, neither waits for the other: both begin with the same row.
    await this.#together(this.#inserts.of(events.toSorted(byKey).map(rowOf)));
  }

  /** In their order, from behind a position. */
  async after(taskId: string, { attempt, sequence }: EventPosition, limit: number): Promise<KeptEvent[]> {
    return this.#reads
      .selectFrom('events')
      .select(['attempt', 'sequence', 'event'])
      .where('task_id', '=', taskId)
      .where(sql<SqlBool>`(attempt, sequence) > (${attempt}, ${sequence})`)
      .orderBy('attempt')
      .orderBy('sequence')
      .limit(limit)
      .execute();
  }

  /** All but what commands printed, in their order: what there is to say of how far a task is. */
  async told(taskId: string): Promise<KeptEvent[]> {
    return this.#reads
      .selectFrom('events')
      .select(['attempt', 'sequence', 'event'])
      .where('task_id', '=', taskId)
      .where('event', 'not like', '%"type":"output"%')
      .orderBy('attempt')
      .orderBy('sequence')
      .limit(MAX_TOLD)
      .execute();
  }

  /** Those of tasks that ended before then: reports have what matters. */
  async prune(before: Date): Promise<void> {
    const ended = this.#db
      .selectFrom('tasks')
      .select('id')
      .where('state', '=', 'finished')
      .where('finished_at', '<', before.toISOString());
    await this.#together([this.#db.deleteFrom('events').where('task_id', 'in', ended).compile()]);
  }
}

function byKey(a: TestTaskEvent, b: TestTaskEvent): number {
  if (a.taskId !== b.taskId) return a.taskId < b.taskId ? -1 : 1;
  return a.attempt - b.attempt || a.event.sequence - b.event.sequence;
}

function rowOf({ taskId, attempt, event }: TestTaskEvent): EventRow {
  return { task_id: taskId, attempt, sequence: event.sequence, event: JSON.stringify(event), at: event.at };
}
