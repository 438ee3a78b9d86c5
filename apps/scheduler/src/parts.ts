import type { Broadcast, Queue, ResultStore } from '@alts/sdk/plugin';
import type { VerifyToken } from './auth/verify-token.ts';
import type { AnswerTable } from './table/answer-table.ts';
import type { CallbackTable } from './table/callback-table.ts';
import type { EventTable } from './table/event-table.ts';
import type { OutboxRow } from './table/schema.ts';
import type { TaskTable } from './table/task-table.ts';
import type { Offer } from './tasks/accept-task.ts';
import type { CallbackOptions } from './tasks/callback-target.ts';
import type { Fleet } from './tasks/fleet.ts';
import type { TaskNews } from './tasks/task-news.ts';

/** Where the scheduler says what goes wrong with itself. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a scheduler is made of. */
export interface SchedulerParts {
  readonly table: TaskTable;
  readonly events: EventTable;
  readonly answers: AnswerTable;
  readonly callbacks: CallbackTable;
  /** Who is told of tasks that are over; left out: nobody. */
  readonly callbackOptions?: CallbackOptions | undefined;
  readonly queue: Queue;
  readonly broadcast: Broadcast;
  readonly store: ResultStore;
  readonly verify: VerifyToken;
  readonly offer: Offer;
  readonly log: Log;
}

/** What the routes need besides. */
export interface AppParts extends SchedulerParts {
  readonly callbackOptions: CallbackOptions;
  readonly fleet: Fleet;
  readonly news: TaskNews;
  /** There is something to publish, and nobody else does. */
  readonly accepted: (row: OutboxRow) => void;
}
