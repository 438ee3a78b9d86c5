import type { TestReport } from '@alts/sdk/plugin';
import { toCallback } from '../legacy/to-callback.ts';
import { toSummary } from '../legacy/to-summary.ts';
import type { SchedulerParts } from '../parts.ts';

type Parts = Pick<SchedulerParts, 'table' | 'log'>;

/** Ends a task with its report, once; its client is told. */
export async function endWithReport({ table, log }: Parts, taskId: string, attempt: number, report: TestReport) {
  const { verdict, error } = report;
  const ended = await table.finish(taskId, attempt, {
    verdict,
    ...(error && { error: { code: error.code, message: error.message } }),
    summary: JSON.stringify(toSummary(report)),
    callback: JSON.stringify(toCallback(verdict, report)),
  });
  if (ended) log.info({ taskId, attempt, verdict }, 'a task is finished');
}

/** Ends a task that has no report, once; its client is told. */
export async function endWithoutReport(
  { table, log }: Parts,
  { id, attempt }: { readonly id: string; readonly attempt: number },
  outcome: {
    readonly verdict: 'error' | 'cancelled';
    readonly error?: { readonly code: string; readonly message: string };
  },
): Promise<void> {
  const callback = JSON.stringify(toCallback(outcome.verdict));
  const ended = await table.finish(id, attempt, { ...outcome, callback });
  if (ended && outcome.error) log.warn({ taskId: id, attempt }, outcome.error.message);
}
