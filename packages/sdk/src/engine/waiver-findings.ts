import type { Rule } from '../contracts/checker.ts';
import type { Finding, ReportedFinding } from '../contracts/report.ts';
import type { Waiver } from '../contracts/waivers.ts';
import { splitRule, WAIVERS } from './known-rules.ts';
import { concerns, covers, isExpired, type TriagedPackage, type TriageRules } from './triage.ts';

/** What is said of waivers, when all stages are over. */
export const WAIVER_RULES = [
  {
    id: 'expired-waiver',
    severity: 'warning',
    summary: 'the last day of a waiver for this package has passed, so it waives nothing any more',
    why: 'What was accepted for a time is a finding again, and counts.',
    fix: 'Repair what was waived and take the waiver out, or decide anew and give it another date.',
    source: 'the field expires of the waiver',
  },
  {
    id: 'unused-waiver',
    severity: 'warning',
    summary: 'nothing was found that a waiver for this package is about',
    why: 'A waiver that is no longer needed hides the same fault when it comes back; one with a typing mistake waives nothing.',
    fix: 'Take it out; correct its patterns; or, where it is for another package, say so in its field package.',
    source: 'the whole test: every stage that checks has looked',
  },
] as const satisfies readonly Rule[];

function said(rule: (typeof WAIVER_RULES)[number]['id'], waiver: Waiver, message: string): ReportedFinding {
  const subject = waiver.path === undefined ? waiver.rule : `${waiver.rule} ${waiver.path}`;
  // No stage found it; it is known when the last is over.
  const finding: Finding = { checker: WAIVERS, rule, severity: 'warning', subject, message };
  return { ...finding, evidence: `reason: ${waiver.reason}`, stage: 'stop_environment', status: 'new' };
}

/**
 * Waivers that should be taken out: those past their date, and those for which nothing was found in the whole test. Of a
 * waiver for a checker that has not come to its end nobody can say whether it is used, and of one for another package
 * neither.
 */
export function* waiverFindings(
  { waivers, today }: TriageRules,
  tested: TriagedPackage,
  findings: readonly Finding[],
  hasJudged: (checker: string) => boolean,
): Generator<ReportedFinding> {
  for (const waiver of waivers.filter((one) => concerns(one, tested))) {
    if (isExpired(waiver, today)) {
      yield said('expired-waiver', waiver, `this waiver expired on ${waiver.expires} and waives nothing any more`);
      continue;
    }
    const [checker] = splitRule(waiver.rule);
    const used = findings.some((finding) => covers(waiver, finding, tested));
    if (!used && hasJudged(checker)) yield said('unused-waiver', waiver, 'nothing was found that this waiver is about');
  }
}
