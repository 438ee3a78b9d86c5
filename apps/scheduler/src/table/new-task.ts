import type { TaskMessage } from '@alts/sdk/plugin';
import type { Kysely } from 'kysely';
import type { Database, OutboxRow, TaskRow } from './schema.ts';

/** A task as it is accepted. */
export interface NewTask {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly architecture: string;
  readonly package: string;
  readonly externalId?: string | undefined;
  readonly callbackHref?: string | undefined;
  readonly rerunOf?: string | undefined;
  /** Default normal. */
  readonly priority?: OutboxRow['priority'] | undefined;
}

/** What is known of a task from the beginning; all else is nothing yet. */
export type NewTaskRow = Pick<
  TaskRow,
  | 'id'
  | 'external_id'
  | 'state'
  | 'attempt'
  | 'queue'
  | 'priority'
  | 'package'
  | 'distribution'
  | 'version'
  | 'architecture'
  | 'request'
  | 'callback_href'
  | 'rerun_of'
  | 'accepted_at'
  | 'heard_at'
  | 'looked_at'
>;

/**
 * The row of a task that is accepted now.
 * @param request JSON of it
 */
export function taskRowOf({ message, queue, architecture, ...task }: NewTask, request: string, at: string): NewTaskRow {
  const { system } = message.request;
  return {
    id: message.taskId,
    external_id: task.externalId ?? null,
    state: 'accepted',
    attempt: 0,
    queue,
    priority: task.priority ?? 'normal',
    package: task.package,
    distribution: system.distribution,
    version: system.version,
    architecture,
    request,
    callback_href: task.callbackHref ?? null,
    rerun_of: task.rerunOf ?? null,
    accepted_at: at,
    heard_at: at,
    looked_at: at,
  };
}

/**
 * What is to be published of it, by who accepts it; by others from `dueAt` on.
 * @param request JSON of it
 */
export function outboxRowOf({ message, queue, priority = 'normal' }: NewTask, request: string, dueAt: Date): OutboxRow {
  const due_at = dueAt.toISOString();
  return { task_id: message.taskId, queue, message: messageOf(message.taskId, request), priority, tries: 1, due_at };
}

/**
 * JSON of a {@link TaskMessage}. The request is long, is kept as JSON besides, and is not made one again.
 * @param request JSON
 * @param attempts that were heard of
 */
function messageOf(taskId: string, request: string, attempts = 0): string {
  const heard = attempts > 0 ? `,"attempts":${attempts}` : '';
  return `{"schemaVersion":1,"taskId":${JSON.stringify(taskId)},"request":${request}${heard}}`;
}

/** Of a task that is published again; what is there already stays as it is. */
export async function putInOutbox(
  transaction: Kysely<Database>,
  { id, queue, priority, request, attempt }: Pick<TaskRow, 'id' | 'queue' | 'priority' | 'request' | 'attempt'>,
  at: string,
): Promise<void> {
  const message = messageOf(id, request, attempt);
  await transaction
    .insertInto('outbox')
    .values({ task_id: id, queue, message, priority, tries: 0, due_at: at })
    .onConflict((conflict) => conflict.column('task_id').doNothing())
    .execute();
}
