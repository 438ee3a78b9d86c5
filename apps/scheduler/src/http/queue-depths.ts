import type { QueueDepth } from '@alts/sdk/plugin';
import type { AppParts } from '../parts.ts';

/** As many as are read in a moment, without an index of queues. */
const RECENT_TASKS = 5000;

type Parts = Pick<AppParts, 'table' | 'fleet' | 'queue' | 'log'>;

/** What each queue has that tasks are in or were, or workers take from, by name; null: it does not say. */
export async function queueDepths(parts: Parts): Promise<ReadonlyMap<string, QueueDepth | null>> {
  const counts = await parts.table.countsByQueue();
  // Also of tasks that are over: nobody may take from a queue that has dead letters.
  const recent = await parts.table.recentQueues(RECENT_TASKS);
  const workers = parts.fleet.workers().flatMap(({ queues }) => queues);
  const names = [...new Set([...counts.map(({ queue }) => queue), ...workers, ...recent])].sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await depthOf(parts, name)] as const)));
}

async function depthOf({ queue, log }: Parts, name: string): Promise<QueueDepth | null> {
  try {
    return await queue.depth(name);
  } catch (error) {
    log.warn({ queue: name, error }, 'a queue does not say how much it has');
    return null;
  }
}
