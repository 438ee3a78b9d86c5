import type { Broadcast, Queue, ResultStore } from '@alts/sdk/plugin';
import type { VerifyToken } from './auth/verify-token.ts';
import type { AnswerTable } from './table/answer-table.ts';
import type { EventTable } from './table/event-table.ts';
import type { TaskTable } from './table/task-table.ts';
import type { Offer } from './tasks/accept-task.ts';

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
  readonly queue: Queue;
  readonly broadcast: Broadcast;
  readonly store: ResultStore;
  readonly verify: VerifyToken;
  readonly offer: Offer;
  readonly log: Log;
}

/** What the routes need besides: somebody is told when there is something to publish. */
export interface AppParts extends SchedulerParts {
  readonly accepted: () => void;
}
