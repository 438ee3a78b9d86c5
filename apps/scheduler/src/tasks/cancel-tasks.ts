import type { SchedulerParts } from '../parts.ts';
import { endWithoutReport } from './end-task.ts';

/**
 * Stops tasks, also running ones; at once, and any number of times. One that no worker has begun ends here; of the others
 * a worker is told, and the end comes when it has stopped.
 * @returns ids of the tasks that it concerns
 */
export async function cancelTasks(
  parts: Pick<SchedulerParts, 'table' | 'broadcast' | 'log'>,
  ids: { readonly taskIds?: readonly string[]; readonly externalIds?: readonly string[] },
  reason: string,
): Promise<string[]> {
  const concerned = await parts.table.cancel(ids, reason);
  for (const { id, state, attempt } of concerned) {
    parts.broadcast.emit({ kind: 'cancel', taskId: id, reason });
    // A worker that takes it from the queue later says that it begins, and is told again.
    if (state !== 'running') await endWithoutReport(parts, { id, attempt }, { verdict: 'cancelled' });
  }
  return concerned.map(({ id }) => id);
}
