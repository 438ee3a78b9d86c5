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

/** The row of a task that is accepted now. */
export function taskRowOf({ message, queue, architecture, ...task }: NewTask, at: string): TaskRow {
  const { system } = message.request;
  return {
    id: message.taskId,
    external_id: task.externalId ?? null,
    state: 'accepted',
    verdict: null,
    attempt: 0,
    queue,
    priority: task.priority ?? 'normal',
    package: task.package,
    distribution: system.distribution,
    version: system.version,
    architecture,
    request: JSON.stringify(message.request),
    callback_href: task.callbackHref ?? null,
    worker: null,
    error: null,
    summary: null,
    rerun_of: task.rerunOf ?? null,
    cancel_reason: null,
    cancelled_at: null,
    accepted_at: at,
    queued_at: null,
    started_at: null,
    finished_at: null,
    heard_at: at,
    looked_at: at,
  };
}

/** What is to be published of it, by who accepts it; by others from `dueAt` on. */
export function outboxRowOf({ message, queue, priority = 'normal' }: NewTask, dueAt: Date): OutboxRow {
  const due_at = dueAt.toISOString();
  return { task_id: message.taskId, queue, message: JSON.stringify(message), priority, tries: 1, due_at };
}

/** Of a task that is published again; what is there already stays as it is. */
export async function putInOutbox(
  transaction: Kysely<Database>,
  { id, queue, priority, request, attempt }: Pick<TaskRow, 'id' | 'queue' | 'priority' | 'request' | 'attempt'>,
  at: string,
): Promise<void> {
  const message: TaskMessage = {
    schemaVersion: 1,
    taskId: id,
    request: JSON.parse(request) as TaskMessage['request'],
    ...(attempt > 0 && { attempts: attempt }),
  };
  await transaction
    .insertInto('outbox')
    .values({ task_id: id, queue, message: JSON.stringify(message), priority, tries: 0, due_at: at })
    .onConflict((conflict) => conflict.column('task_id').doNothing())
    .execute();
}
