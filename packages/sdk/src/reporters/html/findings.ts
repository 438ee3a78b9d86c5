import type { ReportedFinding, Severity, TestReport } from '../../contracts/report.ts';
import { worstFirst } from '../evidence.ts';
import { safeLine } from '../safe-text.ts';
import { type Markup, markup } from './markup.ts';
import { severityBadge } from './status.ts';

/** How many findings are shown; `report.json` has them all. */
const MAX_FINDINGS = 1000;
/** Characters of evidence. */
const MAX_EVIDENCE = 4000;

/** All that was said against a package, the worst first, with the evidence; undefined when there is nothing. */
export function findingList({ findings }: TestReport): Markup | undefined {
  if (findings.length === 0) return undefined;
  const shown = worstFirst(findings).slice(0, MAX_FINDINGS);
  const more = findings.length - shown.length;
  return markup`<ul class="findings">
${shown.map(item)}
</ul>
${more > 0 ? markup`<p class="quiet">And ${more} more, in report.json.</p>` : undefined}`;
}

function item(finding: ReportedFinding): Markup {
  const { severity, checker, rule, subject, message, evidence, stage } = finding;
  const about = subject ? markup`<code class="subject">${safeLine(subject, 1000)}</code> ` : undefined;
  const seen = evidence ? markup`<pre>\n${cut(evidence)}</pre>` : undefined;
  return markup`<li data-finding>${severityBadge(severity)} <code>${safeLine(`${checker}/${rule}`)}</code> <span class="quiet">${stage}</span>
<p>${about}${safeLine(message, 2000)}</p>${seen}</li>
`;
}

function cut(evidence: string): string {
  return evidence.length > MAX_EVIDENCE ? `${evidence.slice(0, MAX_EVIDENCE)}…` : evidence;
}

/** `2 errors, 1 warning`: for headings and tables. */
export function countFindings(findings: readonly ReportedFinding[]): string {
  const names: readonly (readonly [Severity, string, string])[] = [
    ['error', 'error', 'errors'],
    ['warning', 'warning', 'warnings'],
    ['info', 'info', 'infos'],
  ];
  const counts = names.flatMap(([severity, one, many]) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return counts.join(', ') || 'none';
}
