import { type ReportTextOptions, reportText, SKIPS, summaryTable, type TestReport, WAIVERS } from '@alts/sdk';

/** What its people should hear of although the table has it: a verdict, a waiver that should go, what skip rules have done. */
const isWorthLines = ({ verdict, findings }: TestReport): boolean =>
  verdict !== 'passed' || findings.some(({ checker }) => checker === WAIVERS || checker === SKIPS);

/** The end of a test of one system; of several, what went wrong on each, then a table. */
export function closingLines(reports: readonly TestReport[], options: ReportTextOptions): string[] {
  const [only, ...others] = reports;
  if (only && others.length === 0) return reportText(only, options);
  const wrong = reports.filter(isWorthLines);
  return [...wrong.flatMap((report) => [...reportText(report, options), '']), ...summaryTable(reports, options)];
}
