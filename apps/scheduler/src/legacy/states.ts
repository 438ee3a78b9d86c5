import type { TaskRow } from '../table/schema.ts';

/** As Celery calls the states of a task; `ABORTED` is one that shall stop and has not yet. */
export type LegacyState = 'PENDING' | 'STARTED' | 'ABORTED' | 'SUCCESS' | 'FAILURE' | 'REVOKED';

/**
 * A test that has a result is a `SUCCESS`, whatever the verdict is: the result says it. Unknown tasks are `PENDING`, as
 * they always were.
 */
export function legacyState(
  task: Pick<TaskRow, 'state' | 'verdict' | 'cancelled_at' | 'summary'> | undefined,
): LegacyState {
  if (!task) return 'PENDING';
  if (task.state === 'finished') {
    if (task.verdict === 'cancelled') return 'REVOKED';
    return task.summary === null ? 'FAILURE' : 'SUCCESS';
  }
  if (task.cancelled_at !== null) return 'ABORTED';
  return task.state === 'running' ? 'STARTED' : 'PENDING';
}
