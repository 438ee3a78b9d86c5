import type { BaselineSection, Finding, TestReport } from '../contracts/report.ts';
import { TOO_MANY_FINDINGS, WAIVERS } from './known-rules.ts';

/** A report to compare with, and its findings by what makes them the same. */
export interface Baseline {
  readonly report: TestReport;
  /** As they are, and with the version of the package taken out of the subject. */
  readonly exact: ReadonlySet<string>;
  readonly unversioned: ReadonlySet<string>;
}

/** No subject has it: there is no NUL in the name of a file. */
const PLACEHOLDER = '\0version';

const quoted = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '\\$&');

/** `1:2.10-3` is written in paths as itself, as `2.10-3` and as `2.10`; the longest first. */
function spellings(version: string): string[] {
  const withoutEpoch = version.replace(/^\d+:/, '');
  const upstream = withoutEpoch.replace(/-[^-]*$/, '');
  return [...new Set([version, withoutEpoch, upstream])];
}

/** The subject without the version of the package: `/usr/share/doc/x-1.2/README` is the same file in 1.3. */
export function withoutVersion(subject: string, version: string | null): string {
  if (version === null) return subject;
  // Not within a longer number or version: 2.0 is neither in 12.0 nor in 2.0.1.
  const written = spellings(version).map(quoted).join('|');
  return subject.replace(new RegExp(`(?<!\\d|\\d\\.)(?:${written})(?!\\d|\\.\\d)`, 'g'), PLACEHOLDER);
}

const keyOf = ({ checker, rule }: Finding, subject: string): string => JSON.stringify([checker, rule, subject]);
const exactKey = (finding: Finding): string => keyOf(finding, finding.subject);
const unversionedKey = (finding: Finding, version: string | null): string =>
  keyOf(finding, withoutVersion(finding.subject, version));

function index(findings: readonly Finding[], version: string | null): Pick<Baseline, 'exact' | 'unversioned'> {
  return {
    exact: new Set(findings.map(exactKey)),
    unversioned: new Set(findings.map((finding) => unversionedKey(finding, version))),
  };
}

export function baselineOf(report: TestReport): Baseline {
  return { report, ...index(report.findings, report.package.version) };
}

/**
 * Whether the reference has this finding, too: the same rule of the same checker about the same subject, whatever the
 * stage, the message and the severity, and however often. A set and not a count: the same fault is found again in each
 * stage that looks, and how many stages there were is no property of the package.
 */
export function isKnown(finding: Finding, version: string | null, baseline: Baseline): boolean {
  // What is not listed cannot be compared, so nobody knows whether it is new.
  if (finding.rule === TOO_MANY_FINDINGS) return false;
  return baseline.exact.has(exactKey(finding)) || baseline.unversioned.has(unversionedKey(finding, version));
}

/**
 * What a report says of the comparison.
 * @param hasJudged whether a checker has come to its end in this test: what nobody looked for is not fixed
 */
export function compareWith(
  { report }: Baseline,
  now: { readonly findings: readonly Finding[]; readonly version: string | null },
  hasJudged: (checker: string) => boolean,
): BaselineSection {
  const current = index(now.findings, now.version);
  const gone = new Map<string, BaselineSection['fixed'][number]>();
  for (const { status: _, waiver: __, ...finding } of report.findings) {
    const here = current.exact.has(exactKey(finding));
    const key = unversionedKey(finding, report.package.version);
    if (finding.checker === WAIVERS || here || current.unversioned.has(key)) continue;
    if (hasJudged(finding.checker)) gone.set(key, finding);
  }
  const { taskId, package: tested, startedAt } = report;
  return { taskId, package: tested, startedAt, fixed: [...gone.values()] };
}
