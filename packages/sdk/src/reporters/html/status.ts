import type { ReportedFinding, Severity, StageResult, Verdict } from '../../contracts/report.ts';
import { type Markup, markup } from './markup.ts';

/** What is said by colour is said by a sign and by a word, too. */
const SIGNS: Readonly<Record<Verdict | StageResult['status'], string>> = {
  passed: '✓',
  failed: '✗',
  error: '!',
  cancelled: '!',
  skipped: '–',
};

export const signOf = (status: keyof typeof SIGNS): string => SIGNS[status];

export function verdictBadge(verdict: Verdict): Markup {
  return markup`<strong class="badge ${verdict}"><span aria-hidden="true">${signOf(verdict)} </span>${verdict}</strong>`;
}

/** The class that colours a severity. */
const SEVERITY_CLASSES: Readonly<Record<Severity, string>> = { error: 'failed', warning: 'error', info: 'skipped' };

/** Quiet for a finding that decides nothing. */
export function standingBadge({ severity, status }: ReportedFinding): Markup {
  const colour = status === 'new' ? SEVERITY_CLASSES[severity] : 'skipped';
  return badge(colour, status === 'new' ? severity : `${severity}, ${status}`);
}

export function badge(colour: string, text: string): Markup {
  return markup`<strong class="badge ${colour}">${text}</strong>`;
}

const WORST_FIRST: readonly Verdict[] = ['cancelled', 'error', 'failed', 'passed'];

/** The verdict over several systems. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'error';
}
