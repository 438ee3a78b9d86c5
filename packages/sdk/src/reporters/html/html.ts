import type { TestReport } from '../../contracts/report.ts';
import { describePackage, describeSystem } from '../report-text.ts';
import type { ArtifactReader } from '../reporter.ts';
import { safeLine } from '../safe-text.ts';
import { readLogs } from './logs.ts';
import { type Markup, markup } from './markup.ts';
import { page } from './page.ts';
import { reportSection } from './report-section.ts';
import { verdictBadge, worstVerdict } from './status.ts';
import { systemTable } from './system-table.ts';

/**
 * One HTML file that needs nothing else: verdict, time line, findings with evidence, the ends of the logs, folded and
 * searchable. It loads nothing, works without script, and no text of a package is anything but text in it.
 */
export async function html(reports: readonly TestReport[], artifacts: ArtifactReader): Promise<string> {
  const logs = await readLogs(reports, artifacts);
  const sections = reports.map((report, index) => reportSection(report, logs[index] ?? new Map(), idOf(index)));
  const about = subject(reports);
  const verdict = worstVerdict(reports.map((report) => report.verdict));
  const systems = [...new Set(reports.map(describeSystem))].join(', ');
  return page(safeLine(`${verdict}: ${about} on ${systems}`), header(reports, about), markup`${sections}`);
}

const idOf = (index: number): string => `test-${index + 1}`;

function header(reports: readonly TestReport[], about: string): Markup {
  const verdict = worstVerdict(reports.map((report) => report.verdict));
  const table = reports.length > 1 ? systemTable(reports, idOf) : undefined;
  return markup`<h1>${about} ${verdictBadge(verdict)}</h1>
${table}`;
}

function subject(reports: readonly TestReport[]): string {
  const [first, ...others] = reports;
  if (!first) return 'no tests';
  if (others.length === 0) return describePackage(first);
  const names = [...new Set(reports.map(describePackage))];
  const shown = names.length === 1 ? names[0] : first.package.name;
  return `${shown}, ${reports.length} systems`;
}
