import { junit, type ReportTextOptions, reportText, summaryTable, type TestReport, WAIVERS } from '@alts/sdk';

/** The one document of `--format json`: the report, or an array of them where several systems were asked for. */
export function jsonDocument(reports: readonly TestReport[]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`;
}

/** What goes to stdout besides what people read; undefined where that is all. */
export function machineDocument(
  format: 'pretty' | 'json' | 'junit',
  reports: readonly TestReport[],
): string | undefined {
  if (format === 'json') return jsonDocument(reports);
  if (format === 'junit') return junit(reports);
  return undefined;
}

/** What its people should hear of although the table has it: a verdict, a waiver that should go. */
const isWorthLines = ({ verdict, findings }: TestReport): boolean =>
  verdict !== 'passed' || findings.some(({ checker }) => checker === WAIVERS);

/** The end of a test of one system; of several, what went wrong on each, then a table. */
export function closingLines(reports: readonly TestReport[], options: ReportTextOptions): string[] {
  const [only, ...others] = reports;
  if (only && others.length === 0) return reportText(only, options);
  const wrong = reports.filter(isWorthLines);
  return [...wrong.flatMap((report) => [...reportText(report, options), '']), ...summaryTable(reports, options)];
}
