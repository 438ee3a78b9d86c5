import type { Finding, ReportedFinding, Severity, TestReport } from '../../contracts/report.ts';
import { worstFirst } from '../evidence.ts';
import { safeLine } from '../safe-text.ts';
import { type Markup, markup } from './markup.ts';
import { badge, standingBadge } from './status.ts';

/** How many findings are shown; `report.json` has them all. */
const MAX_FINDINGS = 1000;
/** Characters of evidence. */
const MAX_EVIDENCE = 4000;

/** All that was said against a package, what counts first, with the evidence; undefined when there is nothing. */
export function findingList({ findings }: TestReport): Markup | undefined {
  const items = worstFirst(findings)
    .slice(0, MAX_FINDINGS)
    .map((finding) => item(standingBadge(finding), finding));
  return list(items, findings.length);
}

/** What the baseline had and is gone; undefined without a baseline. */
export function fixedList({ baseline }: TestReport): Markup | undefined {
  if (!baseline) return undefined;
  const { package: reference, fixed } = baseline;
  const items = fixed.slice(0, MAX_FINDINGS).map((finding) => item(badge('passed', 'fixed'), finding));
  return markup`<h3>Fixed since ${safeLine(reference.version ?? 'the baseline')}: ${fixed.length || 'none'}</h3>
${list(items, fixed.length)}`;
}

function list(items: readonly Markup[], count: number): Markup | undefined {
  if (count === 0) return undefined;
  const more = count - items.length;
  return markup`<ul class="findings">
${items}</ul>
${more > 0 ? markup`<p class="quiet">And ${more} more, in report.json.</p>` : undefined}`;
}

type Shown = Finding & Pick<ReportedFinding, 'stage' | 'waiver'>;

function item(standing: Markup, { checker, rule, subject, message, evidence, stage, waiver }: Shown): Markup {
  const about = subject ? markup`<code class="subject">${safeLine(subject, 1000)}</code> ` : undefined;
  const seen = evidence ? markup`<pre>\n${cut(evidence)}</pre>` : undefined;
  return markup`<li data-finding>${standing} <code>${safeLine(`${checker}/${rule}`)}</code> <span class="quiet">${stage}</span>
<p>${about}${safeLine(message, 2000)}</p>${waiver ? waived(waiver) : undefined}${seen}</li>
`;
}

function waived({ reason, expires }: NonNullable<ReportedFinding['waiver']>): Markup {
  return markup`<p class="quiet">Waived${expires ? ` until ${expires}` : ''}: ${safeLine(reason, 1000)}</p>`;
}

function cut(evidence: string): string {
  return evidence.length > MAX_EVIDENCE ? `${evidence.slice(0, MAX_EVIDENCE)}…` : evidence;
}

/** `2 errors, 1 warning, 3 known`: for headings and tables. */
export function countFindings(findings: readonly ReportedFinding[]): string {
  const names: readonly (readonly [Severity, string, string])[] = [
    ['error', 'error', 'errors'],
    ['warning', 'warning', 'warnings'],
    ['info', 'info', 'infos'],
  ];
  const counts = names.flatMap(([severity, one, many]) => {
    const count = findings.filter((finding) => finding.status === 'new' && finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const others = (['known', 'waived'] as const).flatMap((status) => {
    const count = findings.filter((finding) => finding.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return [...counts, ...others].join(', ') || 'none';
}
