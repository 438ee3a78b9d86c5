import type { TestReport } from '../contracts/report.ts';
import { PLAIN, VERDICT_ROLE } from './palette.ts';
import { describePackage, describeSystem, type ReportTextOptions } from './report-text.ts';
import { shortDuration } from './short-duration.ts';

const HEADINGS = ['system', 'verdict', 'package', 'time', 'findings', 'results'];
const VERDICT_COLUMN = 1;

/** `3`, or `3 (1 new)` where some are known or waived. */
function countFindings({ findings }: TestReport): string {
  const counting = findings.filter(({ status }) => status === 'new').length;
  return counting === findings.length ? String(counting) : `${findings.length} (${counting} new)`;
}

/** One table for the same package on several systems. */
export function summaryTable(reports: readonly TestReport[], { palette, locate }: ReportTextOptions): string[] {
  const rows = reports.map((report) => [
    describeSystem(report),
    report.verdict,
    describePackage(report),
    shortDuration(report.durationMs),
    countFindings(report),
    locate(report.taskId),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], verdict: (text: string) => string) =>
    cells
      // Colours go on after the padding: an escape sequence has a length, but no width.
      .map((cell, column) => {
        const last = column === cells.length - 1;
        const padded = last ? cell : cell.padEnd(widths[column] ?? 0);
        return column === VERDICT_COLUMN ? verdict(padded) : padded;
      })
      .join('  ');
  return [
    palette.dim(line(HEADINGS, PLAIN.good)),
    ...rows.map((row, index) => line(row, palette[VERDICT_ROLE[reports[index]?.verdict ?? 'error']])),
  ];
}
