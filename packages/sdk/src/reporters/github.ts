import {
  decides,
  formatStanding,
  type ReportedFinding,
  type Severity,
  type StageResult,
  type TestReport,
} from '../contracts/report.ts';
import type { SuiteTest } from '../contracts/suite-result.ts';
import { commandLine, worstFirst } from './evidence.ts';
import { describePackage, describeSystem } from './report-text.ts';
import { lastLines, safeLine } from './safe-text.ts';
import { badTests, testReason } from './suite-evidence.ts';

/** GitHub shows ten of each kind for a step; more than this only makes a log that nobody reads. */
const MAX_FINDINGS = 50;

/** Kinds of annotations, as the commands are called. */
type Kind = 'error' | 'warning' | 'notice';
const KINDS: Readonly<Record<Severity, Kind>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Annotations as GitHub Actions reads them from the output of a step ("workflow commands"): one for each finding, the
 * worst first, and an error for whatever else kept a test from passing. Nothing for a test that passed without findings.
 */
export function github(reports: readonly TestReport[]): string {
  return reports.flatMap(annotations).join('');
}

function annotations(report: TestReport): string[] {
  const about = `${describePackage(report)} on ${describeSystem(report)}`;
  const stages = report.stages.flatMap((stage) => {
    const lines = stageLines(stage, report.findings);
    return lines.length > 0 ? [annotation('error', `${about}: ${stage.name}`, lines)] : [];
  });
  const other = otherError(report);
  const shown = worstFirst(report.findings).slice(0, MAX_FINDINGS);
  const more = report.findings.length - shown.length;
  return [
    ...stages,
    ...(other ? [annotation('error', about, other)] : []),
    ...badTests(report.suites)
      .slice(0, MAX_FINDINGS)
      .map(({ suite, test }) => testAnnotation(about, suite, test)),
    ...shown.map((finding) => findingAnnotation(about, finding)),
    ...(more > 0 ? [annotation('notice', about, [`and ${more} more findings, in report.json`])] : []),
  ];
}

/** What is said of a stage beside its findings; where those are all there is, they speak for themselves. */
function stageLines(stage: StageResult, findings: readonly ReportedFinding[]): string[] {
  switch (stage.status) {
    case 'passed':
    case 'skipped':
      return [];
    case 'failed': {
      const { failure, name } = stage;
      if (failure.reason === 'findings' && findings.some((finding) => finding.stage === name && decides(finding)))
        return [];
      const command = commandLine(failure);
      return [failure.message, ...(command ? [`$ ${command}`] : []), ...lastLines(failure.output ?? '')];
    }
    case 'error':
      return [`${stage.error.message} (${stage.error.code})`, ...(stage.error.causes ?? [])];
    case 'cancelled':
      return ['the test was cancelled'];
  }
}

/** A test of a suite that did not pass, with the cases that failed. */
function testAnnotation(about: string, suite: string, test: SuiteTest): string {
  const cases = test.cases.filter(({ status }) => status === 'failed').map(({ name }) => name || 'unnamed');
  return annotation('error', `${about}: ${suite}: ${test.name}`, [testReason(test), ...cases.slice(0, MAX_FINDINGS)]);
}

/** An error that is no stage's own, such as a report that could not be stored. */
function otherError({ error, stages }: TestReport): string[] | undefined {
  if (!error || stages.some(({ status }) => status === 'error')) return undefined;
  return [`${error.message} (${error.code})`, ...(error.causes ?? [])];
}

/** One that decides nothing, being known or waived, is a notice that says so. */
function findingAnnotation(about: string, finding: ReportedFinding): string {
  const { status, severity, checker, rule, subject, message, evidence } = finding;
  const standing = status === 'new' ? '' : `${safeLine(formatStanding(finding))}: `;
  const said = `${standing}${subject ? `${safeLine(subject)}: ` : ''}${message}`;
  const kind = status === 'new' ? KINDS[severity] : 'notice';
  return annotation(kind, `${about}: ${checker}/${rule}`, [said, ...lastLines(evidence ?? '')]);
}

function annotation(kind: Kind, title: string, lines: readonly string[]): string {
  const text = lines.map((line) => safeLine(line, 1000)).join('\n');
  return `::${kind} title=${property(safeLine(title, 255))}::${data(text)}\n`;
}

/** @see https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts escapeData */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
