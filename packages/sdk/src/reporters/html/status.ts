import type { Severity, StageResult, Verdict } from '../../contracts/report.ts';
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

export function severityBadge(severity: Severity, text: string = severity): Markup {
  return markup`<strong class="badge ${SEVERITY_CLASSES[severity]}">${text}</strong>`;
}

const WORST_FIRST: readonly Verdict[] = ['cancelled', 'error', 'failed', 'passed'];

/** The verdict over several systems. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'error';
}
