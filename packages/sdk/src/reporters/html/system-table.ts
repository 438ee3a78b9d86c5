import type { TestReport } from '../../contracts/report.ts';
import { describePackage, describeSystem } from '../report-text.ts';
import { shortDuration } from '../short-duration.ts';
import { countFindings } from './findings.ts';
import { type Markup, markup } from './markup.ts';
import { verdictBadge } from './status.ts';

/** All systems at a glance, each with a link to its section. */
export function systemTable(reports: readonly TestReport[], idOf: (index: number) => string): Markup {
  const rows = reports.map(
    (report, index) => markup`<tr><th scope="row"><a href="#${idOf(index)}">${describeSystem(report)}</a></th>
<td>${verdictBadge(report.verdict)}</td><td>${describePackage(report)}</td><td>${shortDuration(report.durationMs)}</td><td>${countFindings(report.findings)}</td></tr>
`,
  );
  return markup`<div class="wide" tabindex="0" role="region" aria-label="Systems"><table>
<thead><tr><th scope="col">System</th><th scope="col">Verdict</th><th scope="col">Package</th><th scope="col">Time</th><th scope="col">Findings</th></tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}
