/** Tables of the scheduler. Times are ISO 8601 in UTC with milliseconds, as texts: they sort, in every database. */
export interface Database {
  tasks: TaskRow;
  outbox: OutboxRow;
  events: EventRow;
  idempotency: IdempotencyRow;
  callbacks: CallbackRow;
}

/**
 * `accepted`: kept here, and not yet with the queue. `queued`: the queue has it. `running`: a worker said so.
 * `finished`: it has a verdict, and nothing changes any more.
 */
export type TaskState = 'accepted' | 'queued' | 'running' | 'finished';
/** All but the last. */
export const UNFINISHED: readonly TaskState[] = ['accepted', 'queued', 'running'];

export interface TaskRow {
  id: string;
  /** What the client calls it: `bs_task_id`. */
  external_id: string | null;
  state: TaskState;
  verdict: 'passed' | 'failed' | 'error' | 'cancelled' | null;
  /** The latest attempt that was heard of; 0 before the first. */
  attempt: number;
  queue: string;
  /** Also of what is published again. */
  priority: 'normal' | 'high';
  package: string;
  distribution: string;
  version: string;
  architecture: string;
  /** JSON. */
  request: string;
  callback_href: string | null;
  /** Which worker has it, or had it last. */
  worker: string | null;
  /** JSON: code and message of what went wrong. */
  error: string | null;
  /** JSON: what clients of the Python system are told; null where there is no report. */
  summary: string | null;
  /** The task that this one repeats. */
  rerun_of: string | null;
  cancel_reason: string | null;
  cancelled_at: string | null;
  accepted_at: string;
  queued_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  /** Last sign of life: from the scheduler, the queue or a worker. */
  heard_at: string;
  /** When the watchdog looked after it. */
  looked_at: string;
}

/** A message that the queue has not confirmed. */
export interface OutboxRow {
  task_id: string;
  queue: string;
  /** JSON. */
  message: string;
  priority: TaskRow['priority'];
  tries: number;
  /** Nobody publishes it before; whoever takes it puts this off. */
  due_at: string;
}

export interface EventRow {
  task_id: string;
  attempt: number;
  sequence: number;
  /** JSON. */
  event: string;
  at: string;
}

/** A client that is to be told that its task is over. */
export interface CallbackRow {
  task_id: string;
  /** As the client gave it. */
  href: string;
  /** That `href` names, with its port; empty where it is a path, and of what older versions wrote. */
  host: string;
  /** JSON. */
  body: string;
  tries: number;
  /** Nobody posts it before; whoever takes it puts this off. */
  due_at: string;
  /** What went wrong the last time. */
  problem: string | null;
}

/** What was answered to a request that may come again. */
export interface IdempotencyRow {
  caller: string;
  key: string;
  /** SHA-256 of method, path and body: another request may not have the same key. */
  fingerprint: string;
  status: number;
  body: string;
  at: string;
}
