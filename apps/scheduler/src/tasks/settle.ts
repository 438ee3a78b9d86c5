import { AltsError, describeZodError, TestReport } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import { endWithoutReport, endWithReport } from './end-task.ts';

const MAX_PROBLEM = 500;

/** What stands where the report of a task is looked for: one, or something else. */
export type StoredReport = { readonly report: TestReport } | { readonly problem: string };

/**
 * Ends a task when its report is in the store: that, and not what was heard, is the truth. What stands there is never
 * replaced; when it is no report, the task ends as an error that says so.
 * @returns whether there was something
 * @throws {AltsError} `store_unavailable`
 */
export async function settle(
  parts: Pick<SchedulerParts, 'table' | 'store' | 'log'>,
  taskId: string,
  attempt: number,
): Promise<boolean> {
  const stored = await readReport(parts.store, taskId);
  if (!stored) return false;
  // A report is the last word, of whichever attempt: also where a later one was heard of.
  const latest = Math.max(attempt, (await parts.table.find(taskId))?.attempt ?? 0);
  if ('report' in stored) {
    await endWithReport(parts, taskId, latest, stored.report);
  } else {
    const error = { code: 'internal', message: `report.json is in the store and is no report: ${stored.problem}` };
    await endWithoutReport(parts, { id: taskId, attempt: latest }, { verdict: 'error', error });
  }
  return true;
}

/**
 * Undefined: there is nothing, yet.
 * @throws {AltsError} `store_unavailable`
 */
export async function readReport(store: SchedulerParts['store'], taskId: string): Promise<StoredReport | undefined> {
  try {
    const chunks = await Array.fromAsync(store.get({ taskId, name: 'report.json' }));
    return parse(Buffer.concat(chunks).toString());
  } catch (error) {
    if (AltsError.is(error) && error.code === 'artifact_not_found') return undefined;
    throw error;
  }
}

function parse(text: string): StoredReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: String(error).slice(0, MAX_PROBLEM) };
  }
  const parsed = TestReport.safeParse(value);
  if (parsed.success) return { report: parsed.data };
  return { problem: describeZodError(parsed.error, value).slice(0, MAX_PROBLEM) };
}
