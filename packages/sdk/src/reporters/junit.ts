import { decides, type Failure, type ReportedFinding, type StageResult, type TestReport } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import { commandLine, findingLine, fixedLine, stageFacts, stageTitle } from './evidence.ts';
import { describeSystem } from './report-text.ts';
import { lastLines } from './safe-text.ts';
import { type SuitePoint, suitePoints } from './suite-evidence.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/** What one testcase has inside. */
interface Outcome {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message: string;
  readonly text: string;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/**
 * JUnit XML, as Jenkins, GitLab and others read it: a testsuite for each report, a testcase for each stage,
 * and for each test of a suite or, where it has them, each of its cases.
 * A package at fault is a `failure`; infrastructure at fault, and a test that was cancelled, is an `error`.
 */
export function junit(reports: readonly TestReport[]): string {
  const suites = reports.map(suite);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="alts">',
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(report: TestReport): string[] {
  const name = `${report.package.name} on ${describeSystem(report)}`;
  const cases = report.stages.map((stage) => ({
    name: stageTitle(stage),
    time: seconds(stage.durationMs),
    outcome: outcomeOf(stage, report.findings),
  }));
  // A report that could not be stored has an error that is no stage's own; it must not be lost on a reader of JUnit.
  if (report.error && !report.stages.some(({ status }) => status === 'error')) {
    const { code, message, causes = [] } = report.error;
    cases.push({
      name: 'report',
      time: '0.000',
      outcome: { kind: 'error', type: code, message, text: causes.join('\n') },
    });
  }
  for (const { name: own, durationMs, status, reason, details } of suitePoints(report.suites)) {
    cases.push({ name: own, time: seconds(durationMs), outcome: suiteOutcome(status, reason, details) });
  }
  const count = (kind: Outcome['kind']) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const attributes = xmlAttributes({
    name,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(report.durationMs),
    // Without a zone, as the JUnit schema of Ant wants it; UTC.
    timestamp: report.startedAt.slice(0, 19),
  });
  const testcases = cases.flatMap((entry) => testcase(`alts.${name}`, entry));
  return [`  <testsuite${attributes}>`, ...properties(report), ...testcases, ...findingsOut(report), '  </testsuite>'];
}

function properties({ taskId, verdict, package: tested, runner }: TestReport): string[] {
  const values = {
    taskId,
    verdict,
    version: tested.version,
    architecture: tested.architecture,
    origin: tested.origin,
    runner: runner.type,
    image: runner.image && `${runner.image.name}@${runner.image.digest}`,
  };
  const lines = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `      <property${xmlAttributes({ name, value: value ?? undefined })}/>`);
  return ['    <properties>', ...lines, '    </properties>'];
}

function testcase(classname: string, entry: { name: string; time: string; outcome: Outcome | undefined }): string[] {
  const { name, time, outcome } = entry;
  const open = `    <testcase${xmlAttributes({ classname, name, time })}`;
  if (!outcome) return [`${open}/>`];
  const { kind, type, message, text } = outcome;
  const tag = `      <${kind}${xmlAttributes({ type, message })}`;
  return [`${open}>`, text ? `${tag}>${xmlText(text)}</${kind}>` : `${tag}/>`, '    </testcase>'];
}

function suiteOutcome(status: SuitePoint['status'], message: string, text: string): Outcome | undefined {
  if (status === 'passed') return undefined;
  if (status === 'skipped') return { kind: 'skipped', message, text: '' };
  return status === 'error'
    ? { kind: 'error', type: 'suite_unusable', message, text }
    : { kind: 'failure', type: 'tests_failed', message, text };
}

function outcomeOf(stage: StageResult, findings: readonly ReportedFinding[]): Outcome | undefined {
  switch (stage.status) {
    case 'passed':
      return undefined;
    case 'failed': {
      const { reason, message } = stage.failure;
      return { kind: 'failure', type: reason, message, text: failureText(stage.name, stage.failure, findings) };
    }
    case 'error': {
      const { code, message, causes = [] } = stage.error;
      return { kind: 'error', type: code, message, text: causes.join('\n') };
    }
    case 'cancelled':
      return { kind: 'error', type: 'cancelled', message: 'the test was cancelled', text: '' };
    case 'skipped':
      return { kind: 'skipped', message: stage.reason, text: '' };
  }
}

function failureText(stage: StageName, failure: Failure, findings: readonly ReportedFinding[]): string {
  const command = commandLine(failure);
  const against = findings.filter((finding) => finding.stage === stage && decides(finding));
  return [
    ...(command ? [`$ ${command}`] : []),
    ...(failure.output ? lastLines(failure.output, 100) : []),
    ...(failure.reason === 'findings' ? against.map(findingLine) : []),
  ].join('\n');
}

function findingsOut({ findings, baseline, stages }: TestReport): string[] {
  const fixed = (baseline?.fixed ?? []).map(fixedLine);
  const facts = stages.flatMap((stage) => stageFacts(stage).map((fact) => `${stage.name}: ${fact}`));
  const lines = [...facts, ...findings.map(findingLine), ...fixed];
  return lines.length === 0 ? [] : [`    <system-out>${xmlText(lines.join('\n'))}</system-out>`];
}
