import {
  type Failure,
  type Finding,
  formatStanding,
  type ReportedFinding,
  type StageResult,
  type TestReport,
} from '../contracts/report.ts';
import { formatSystem } from '../contracts/system.ts';
import { commandLine, stageFacts, worstFirst } from './evidence.ts';
import { type Palette, VERDICT_ROLE } from './palette.ts';
import { lastLines, safeLine } from './safe-text.ts';
import { shortDuration } from './short-duration.ts';
import { badTests } from './suite-evidence.ts';

/** How many findings are shown; `report.json` has them all. */
const MAX_FINDINGS = 20;

export interface ReportTextOptions {
  readonly palette: Palette;
  /** Where a person finds a task's artifacts. */
  readonly locate: (taskId: string) => string;
}

/** `hello 2.10-3 (amd64)`: as much as is known of what was tested. */
export function describePackage({ package: tested }: TestReport): string {
  const version = tested.version ? ` ${tested.version}` : '';
  const architecture = tested.architecture ? ` (${tested.architecture})` : '';
  return safeLine(`${tested.name}${version}${architecture}`);
}

/** `debian:12`, as it was asked for. */
export function describeSystem({ request }: TestReport): string {
  return formatSystem(request.system);
}

/**
 * The end of a test in a few lines: the verdict, which versions took each other's place and what went along, and for all
 * but `passed` the first command that failed, its last lines, the findings and the log.
 */
export function reportText(report: TestReport, { palette, locate }: ReportTextOptions): string[] {
  const verdict = palette[VERDICT_ROLE[report.verdict]](palette.strong(report.verdict));
  const head = `${verdict}  ${describePackage(report)} on ${describeSystem(report)} in ${shortDuration(report.durationMs)}`;
  const culprit = report.stages.find((stage) => stage.status === 'failed' || stage.status === 'error');
  const directory = locate(report.taskId);
  return [
    head,
    ...report.stages.flatMap((stage) => stageFacts(stage).map((fact) => `  ${stage.name}: ${fact}`)),
    ...reason(report, culprit, palette),
    ...testLinesOf(report, palette, locate),
    ...findingLines(report.findings, palette),
    ...fixedLines(report, palette),
    culprit ? `  log: ${directory}/${culprit.log}` : `  results: ${directory}`,
  ];
}

function reason(report: TestReport, culprit: StageResult | undefined, palette: Palette): string[] {
  if (culprit?.status === 'failed') return failureLines(culprit.name, culprit.failure, palette);
  const error = report.error ?? (culprit?.status === 'error' ? culprit.error : undefined);
  if (!error) return [];
  const where = culprit ? `${culprit.name}: ` : '';
  const causes = (error.causes ?? []).map((cause) => palette.dim(`    because: ${safeLine(cause, 500)}`));
  return [`  ${where}${safeLine(error.message, 1000)} (${error.code})`, ...causes];
}

function failureLines(stage: string, failure: Failure, palette: Palette): string[] {
  const command = commandLine(failure);
  return [
    `  ${stage}: ${safeLine(failure.message, 1000)}`,
    ...(command ? [`  $ ${command}`] : []),
    ...(failure.output ? lastLines(failure.output).map((line) => palette.dim(`  | ${line}`)) : []),
  ];
}

/** Those that did not pass, each with its log; the others went by as they ended. */
function testLinesOf({ suites, taskId }: TestReport, palette: Palette, locate: ReportTextOptions['locate']): string[] {
  const bad = badTests(suites);
  const count = suites.reduce((sum, { tests }) => sum + tests.length, 0);
  if (count === 0) return [];
  const shown = bad
    .slice(0, MAX_FINDINGS)
    .flatMap(({ suite, test }) => [
      `    ${palette.bad(safeLine(test.status))} ${suite}: ${safeLine(test.name)}${test.reason ? `: ${safeLine(test.reason, 500)}` : ''}`,
      ...(test.log ? [palette.dim(`      log: ${locate(taskId)}/${test.log}`)] : []),
    ]);
  return [`  tests: ${count - bad.length} of ${count} as they should`, ...shown, ...more(bad.length)];
}

function findingLines(findings: readonly ReportedFinding[], palette: Palette): string[] {
  if (findings.length === 0) return [];
  const roles = { error: 'bad', warning: 'warning', info: 'dim' } as const;
  const shown = worstFirst(findings)
    .slice(0, MAX_FINDINGS)
    .map((finding) => {
      const role = finding.status === 'new' ? roles[finding.severity] : 'dim';
      return `    ${palette[role](safeLine(formatStanding(finding)))} ${aboutLine(finding)}`;
    });
  return ['  findings:', ...shown, ...more(findings.length)];
}

/** What the baseline had and is gone. */
function fixedLines({ baseline }: TestReport, palette: Palette): string[] {
  if (!baseline || baseline.fixed.length === 0) return [];
  const { package: reference, fixed } = baseline;
  const shown = fixed.slice(0, MAX_FINDINGS).map((finding) => `    ${palette.good('fixed')} ${aboutLine(finding)}`);
  return [`  fixed since ${safeLine(reference.version ?? 'the baseline')}:`, ...shown, ...more(fixed.length)];
}

function aboutLine({ checker, rule, subject, message }: Finding): string {
  return `${safeLine(`${checker}/${rule}`)} ${subject ? `${safeLine(subject)}: ` : ''}${safeLine(message)}`;
}

function more(count: number): string[] {
  return count > MAX_FINDINGS ? [`    and ${count - MAX_FINDINGS} more, in report.json`] : [];
}
