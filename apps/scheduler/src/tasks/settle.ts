import { AltsError, TestReport } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import { endWithReport } from './end-task.ts';

/**
 * Ends a task when its report is in the store: that, and not what was heard, is the truth.
 * @returns whether there is a report
 * @throws {AltsError} `store_unavailable`
 */
export async function settle(
  parts: Pick<SchedulerParts, 'table' | 'store' | 'log'>,
  taskId: string,
  attempt: number,
): Promise<boolean> {
  const report = await readReport(parts.store, taskId);
  if (!report) return false;
  // A report is the last word, of whichever attempt: also where a later one was heard of.
  const latest = (await parts.table.find(taskId))?.attempt ?? 0;
  await endWithReport(parts, taskId, Math.max(attempt, latest), report);
  return true;
}

/** Undefined: there is none, yet. */
export async function readReport(store: SchedulerParts['store'], taskId: string): Promise<TestReport | undefined> {
  try {
    const chunks = await Array.fromAsync(store.get({ taskId, name: 'report.json' }));
    return TestReport.parse(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    if (AltsError.is(error) && error.code === 'artifact_not_found') return undefined;
    throw error;
  }
}
