import type { TestReport } from '@alts/sdk/plugin';
import { type LegacySummary, toSummary } from './to-summary.ts';

/** A text, as clients check it. */
export const API_VERSION = '20210512';

/** What is posted to the client of a task, as the Python system posts it. */
export interface Callback {
  readonly api_version: typeof API_VERSION;
  readonly result: LegacySummary | Readonly<Record<string, unknown>>;
  readonly stats: Readonly<Record<string, unknown>>;
}

/**
 * What a client is told of a task that is over.
 * @param report undefined: there is none. Then it was cancelled before it began, or got lost, which is a failure to those
 *   who only look at `success`.
 */
export function toCallback(verdict: TestReport['verdict'], report?: TestReport): Callback {
  if (report) return { api_version: API_VERSION, result: resultOf(report), stats: statsOf(report) };
  const result =
    verdict === 'cancelled'
      ? { revoked: true, logs: [] }
      : { skipped_tests: [], 'Unexpected errors during tests': { success: false } };
  return { api_version: API_VERSION, result, stats: {} };
}

/** Of a cancelled test no stage stands beside the word; without logs, if only none, the web server's UI throws. */
function resultOf(report: TestReport): Callback['result'] {
  const { revoked, skipped_tests, logs, ...rest } = toSummary(report);
  return revoked ? { skipped_tests, revoked, logs } : { skipped_tests, ...rest, logs };
}

/** When each stage began and ended; the checks stand under the name of what is inside `tests`. Times have no zone: UTC. */
function statsOf({ startedAt, stages }: TestReport): Readonly<Record<string, unknown>> {
  const ran = stages.filter((stage) => stage.status !== 'skipped');
  const times = ran.map(({ name, startedAt: begun, durationMs }) => {
    const finished = new Date(Date.parse(begun) + durationMs).toISOString();
    const named = name === 'third_party_tests' ? 'third_party_tests_wrapper' : name;
    return [named, { start_ts: zoneless(begun), finish_ts: zoneless(finished), delta: durationMs / 1000 }] as const;
  });
  return { started_at: zoneless(startedAt), ...Object.fromEntries(times) };
}

const zoneless = (at: string): string => at.replace(/Z$/, '');
