import type { StageResult, TestReport } from '@alts/sdk/plugin';

type Entry = Record<string, unknown>;

/** The result of a test as clients of the Python system read it: each value is an object with `success`, but for three. */
export interface LegacySummary {
  readonly skipped_tests: readonly string[];
  readonly logs: readonly { readonly name: string; readonly href: string; readonly type: 'test_log' }[];
  /** Only of a test that was cancelled; then it decides alone. */
  readonly revoked?: true;
  readonly [stage: string]: unknown;
}

/**
 * Sums a report up. Stages stand in their order, and so do the logs: the web server's UI takes the first name that contains
 * that of the stage, and `uninstall_package` contains `install_package`.
 */
export function toSummary(report: TestReport): LegacySummary {
  const summary: Entry = { skipped_tests: skippedOf(report) };
  for (const stage of report.stages) Object.assign(summary, entriesOf(stage, report));
  return {
    ...summary,
    skipped_tests: skippedOf(report),
    logs: logsOf(report),
    ...(report.verdict === 'cancelled' && { revoked: true as const }),
  };
}

function entriesOf(stage: StageResult, report: TestReport): Entry {
  const success = stage.status === 'passed';
  if (stage.name === 'third_party_tests') return thirdParty(stage, report);
  if (stage.status === 'skipped') return {};
  if (stage.name !== 'package_integrity_tests') return { [stage.name]: { success } };
  return { tests: { package_integrity_tests: { success, output: findingsAsTap(report) } } };
}

/** The wrapper is there when it was come to, also with nothing to run. */
function thirdParty(stage: StageResult, report: TestReport): Entry {
  const reached = stage.status !== 'skipped' || report.request.tests.length === 0;
  const tests = report.suites.flatMap((suite) => suite.tests).filter(({ attempts }) => attempts > 0);
  const wrapper = { success: stage.status === 'passed' || stage.status === 'skipped' };
  return {
    ...(tests.length > 0 && { third_party: Object.fromEntries(tests.map(testEntry)) }),
    ...(reached && { third_party_tests_wrapper: wrapper }),
  };
}

function testEntry({ name, status, optional, reason, cases }: TestReport['suites'][number]['tests'][number]) {
  const success = status === 'passed' || status === 'flaky' || status === 'skipped' || optional === true;
  const points = cases.map((one, at) => {
    const directive = one.status === 'skipped' ? ' # SKIP' : one.status === 'todo' ? ' # TODO' : '';
    return `${one.status === 'failed' || one.status === 'todo' ? 'not ok' : 'ok'} ${at + 1} ${oneLine(one.name)}${directive}`;
  });
  const output = points.length > 0 ? [`1..${points.length}`, ...points] : [reason ?? status];
  return [`third_party_test_${name}`, { success, output: `${output.join('\n')}\n` }] as const;
}

/** A point for each finding of the integrity checks; one alone where there is none. */
function findingsAsTap({ findings }: TestReport): string {
  const own = findings.filter(({ stage }) => stage === 'package_integrity_tests');
  if (own.length === 0) return '1..1\nok 1 nothing was found\n';
  const points = own.map(({ severity, status, checker, rule, subject, message }, at) => {
    const decides = severity === 'error' && status === 'new';
    return `${decides ? 'not ok' : 'ok'} ${at + 1} ${oneLine(`${checker}/${rule} ${subject}: ${message}`)}`;
  });
  return `1..${points.length}\n${points.join('\n')}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('#', '\\#');

/** What a rule took out, by the names that clients know. */
function skippedOf({ stages }: TestReport): string[] {
  const skipped = stages.filter((stage) => stage.status === 'skipped' && stage.reason.startsWith('skipped by '));
  return skipped.map(({ name }) => (name === 'third_party_tests' ? 'third_party' : name));
}

function logsOf({ taskId, stages }: TestReport): LegacySummary['logs'] {
  const ran = stages.filter(({ status }) => status !== 'skipped');
  return ran.map(({ name, log }) => ({
    name: `${name === 'package_integrity_tests' ? `tests_${name}` : name}_${taskId}.log`,
    href: `/tasks/${taskId}/artifacts/${encodeURIComponent(log)}`,
    type: 'test_log',
  }));
}
