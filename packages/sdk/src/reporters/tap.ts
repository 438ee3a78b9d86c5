import type { Failure, Finding, ReportedFinding, StageResult, TestReport } from '../contracts/report.ts';
import { commandLine, findingLine, fixedLine, stageFacts, stageTitle, worstFirst } from './evidence.ts';
import { describePackage, describeSystem } from './report-text.ts';
import { lastLines, safeLine } from './safe-text.ts';
import { type SuitePoint, suitePoints } from './suite-evidence.ts';
import { type YamlValue, yamlBlock } from './yaml-block.ts';

/** How many findings a test point carries; `report.json` has them all. */
const MAX_FINDINGS = 500;

/** A line of TAP that counts, and what is known of it. */
interface Point {
  readonly ok: boolean;
  readonly name: string;
  readonly skip?: string;
  readonly diagnostics?: Readonly<Record<string, YamlValue>>;
}

/**
 * TAP 14 (testanything.org): a test point for each stage with its evidence as YAML, and for each test of a suite; of several reports, each is a
 * subtest. A finding that does not fail its stage is a diagnostic of a stage that is `ok`.
 */
export function tap(reports: readonly TestReport[]): string {
  const [only, ...others] = reports;
  const body = only && others.length === 0 ? document(points(only)) : several(reports);
  return ['TAP version 14', ...body, ''].join('\n');
}

function several(reports: readonly TestReport[]): string[] {
  const subtests = reports.flatMap((report, index) => {
    const name = `${describePackage(report)} on ${describeSystem(report)}`;
    return [
      `# Subtest: ${escaped(name)}`,
      ...document(points(report)).map((line) => `    ${line}`),
      ...pointLines({ ok: report.verdict === 'passed', name, diagnostics: summary(report) }, index),
    ];
  });
  return [`1..${reports.length}`, ...subtests];
}

function document(all: readonly Point[]): string[] {
  return [`1..${all.length}`, ...all.flatMap(pointLines)];
}

function pointLines({ ok, name, skip, diagnostics }: Point, index: number): string[] {
  const directive = skip === undefined ? '' : ` # SKIP ${escaped(skip)}`;
  const block = diagnostics ? yamlBlock(diagnostics).map((line) => `  ${line}`) : [];
  return [`${ok ? 'ok' : 'not ok'} ${index + 1} - ${escaped(name)}${directive}`, ...block];
}

/** A number sign would begin a directive. */
const escaped = (text: string): string => safeLine(text, 1000).replace(/[\\#]/g, '\\$&');

function points(report: TestReport): Point[] {
  const tests = suitePoints(report.suites).map(suitePoint);
  const stages = report.stages.flatMap((stage) => [
    stagePoint(stage, report),
    ...(stage.name === 'third_party_tests' ? tests : []),
  ]);
  // An error that is no stage's own, such as a report that could not be stored, must not be lost on a reader of TAP.
  if (!report.error || report.stages.some(({ status }) => status === 'error')) return stages;
  return [...stages, { ok: false, name: 'report', diagnostics: { severity: 'error', ...report.error } }];
}

function suitePoint({ name, status, reason, details, durationMs }: SuitePoint): Point {
  if (status === 'skipped') return { ok: true, name, skip: reason };
  const seen = { message: reason || undefined, output: details ? lastLines(details, 100) : undefined };
  return { ok: status === 'passed', name, diagnostics: { ...seen, duration_ms: durationMs || undefined } };
}

function stagePoint(stage: StageResult, { findings, baseline }: TestReport): Point {
  const name = stageTitle(stage);
  if (stage.status === 'skipped') return { ok: true, name, skip: stage.reason };
  const own = findings.filter((finding) => finding.stage === stage.name);
  const fixed = (baseline?.fixed ?? []).filter((finding) => finding.stage === stage.name);
  return {
    ok: stage.status === 'passed',
    name,
    diagnostics: { ...outcome(stage), ...findingsOf(own), ...fixedOf(fixed) },
  };
}

function outcome(stage: Exclude<StageResult, { status: 'skipped' }>): Record<string, YamlValue> {
  const measured = { facts: stageFacts(stage), duration_ms: stage.durationMs, log: stage.log };
  switch (stage.status) {
    case 'passed':
      return measured;
    case 'failed':
      return { severity: 'fail', ...failureOf(stage.failure), ...measured };
    case 'error':
      return { severity: 'error', ...stage.error, ...measured };
    case 'cancelled':
      return { severity: 'error', message: 'the test was cancelled', ...measured };
  }
}

function failureOf(failure: Failure): Record<string, YamlValue> {
  const { message, reason, output } = failure;
  return { message, reason, command: commandLine(failure), output: output && lastLines(output, 100) };
}

function findingsOf(findings: readonly ReportedFinding[]): Record<string, YamlValue> {
  const shown = worstFirst(findings).slice(0, MAX_FINDINGS).map(findingLine);
  const more = findings.length - shown.length;
  return {
    findings: shown,
    findings_left_out: more > 0 ? `${more} more, in report.json` : undefined,
  };
}

function fixedOf(fixed: readonly Finding[]): Record<string, YamlValue> {
  return { fixed: fixed.slice(0, MAX_FINDINGS).map(fixedLine) };
}

function summary(report: TestReport): Record<string, YamlValue> {
  const { verdict, taskId, durationMs } = report;
  return { verdict, task: taskId, duration_ms: durationMs };
}
