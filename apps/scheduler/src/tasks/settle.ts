import { AltsError, TestReport } from '@alts/sdk/plugin';
import { toSummary } from '../legacy/to-summary.ts';
import type { SchedulerParts } from '../parts.ts';

/**
 * Ends a task when its report is in the store: that, and not what was heard, is the truth.
 * @returns whether there is a report
 * @throws {AltsError} `store_unavailable`
 */
export async function settle(
  { table, store, log }: Pick<SchedulerParts, 'table' | 'store' | 'log'>,
  taskId: string,
  attempt: number,
): Promise<boolean> {
  const report = await readReport(store, taskId);
  if (!report) return false;
  const { verdict, error } = report;
  const summary = JSON.stringify(toSummary(report));
  const ended = await table.finish(taskId, attempt, {
    verdict,
    ...(error && { error: { code: error.code, message: error.message } }),
    summary,
  });
  if (ended) log.info({ taskId, attempt, verdict }, 'a task is finished');
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
