import { matchesGlob } from '../contracts/glob.ts';
import type { Finding, ReportedFinding, Severity } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import type { Severities, Waiver } from '../contracts/waivers.ts';
import { type Baseline, isKnown } from './baseline.ts';
import { splitRule } from './known-rules.ts';

/** What a test was asked to make of findings. */
export interface TriageRules {
  readonly severities: Severities;
  readonly waivers: readonly Waiver[];
  /** The day of the test in UTC: `2026-12-31`. */
  readonly today: string;
  readonly baseline?: Baseline | undefined;
  /** The test is itself the reference of another one: it is to see all, and nothing of it decides. */
  readonly isReference?: boolean | undefined;
}

/** The package under test, as far as it is known. */
export interface TriagedPackage {
  readonly name: string;
  readonly version: string | null;
}

function severityOf({ checker, rule, severity }: Finding, severities: Severities): Severity {
  return severities[`${checker}/${rule}`] ?? severities[`${checker}/*`] ?? severity;
}

/** ISO dates of four-digit years sort as text. */
export function isExpired({ expires }: Pick<Waiver, 'expires'>, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** Whether a waiver is about this package at all. */
export function concerns(waiver: Waiver, { name }: TriagedPackage): boolean {
  return waiver.package === undefined || matchesGlob(name, waiver.package);
}

/** Whether a waiver is about this finding; its date does not matter. */
export function covers(waiver: Waiver, finding: Finding, tested: TriagedPackage): boolean {
  const [checker, rule] = splitRule(waiver.rule);
  return (
    checker === finding.checker &&
    matchesGlob(finding.rule, rule) &&
    concerns(waiver, tested) &&
    (waiver.path === undefined || matchesGlob(finding.subject, waiver.path))
  );
}

/** Says of a finding what it counts for: the severity that was asked for, then waivers, then the baseline. */
export function triage(
  finding: Finding,
  stage: StageName,
  tested: TriagedPackage,
  rules: TriageRules,
): ReportedFinding {
  const judged = { ...finding, severity: severityOf(finding, rules.severities), stage };
  const waiver = rules.waivers.find((one) => !isExpired(one, rules.today) && covers(one, finding, tested));
  if (waiver) {
    const { reason, expires } = waiver;
    return { ...judged, status: 'waived', waiver: expires === undefined ? { reason } : { reason, expires } };
  }
  const known = rules.isReference || (rules.baseline && isKnown(finding, tested.version, rules.baseline));
  return { ...judged, status: known ? 'known' : 'new' };
}
