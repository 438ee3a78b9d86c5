import type { TestReport } from '../contracts/report.ts';

/** One JSON document: the report, or an array of them where there are several. */
export function json(reports: readonly TestReport[]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`;
}
