import { type SuiteResult, type SuiteTest, speaksAgainst, type TestCase } from '../contracts/suite-result.ts';
import { safeLine } from './safe-text.ts';

/** A test or one of its cases, as documents list them that know of no levels. */
export interface SuitePoint {
  /** `suite: test`, `suite: test: case`. */
  readonly name: string;
  readonly durationMs: number;
  readonly status: 'passed' | 'failed' | 'error' | 'skipped';
  readonly reason: string;
  readonly details: string;
}

/** `https://host/tests.git` as `tests`: short, and with its number where two are called the same. */
function suiteName({ directory }: SuiteResult): string {
  return safeLine(directory.replace(/^\/tests\//, ''));
}

/** What a test is to a reader who knows no `flaky` and no `timed-out`. */
export function plainStatus(test: SuiteTest): SuitePoint['status'] {
  if (test.status === 'skipped') return 'skipped';
  if (speaksAgainst(test)) return 'failed';
  return test.status === 'error' && test.optional !== true ? 'error' : 'passed';
}

/** `failed: exit 1`, `flaky: failed at first, passed at attempt 2`; empty for a test that simply passed. */
export function testReason({ status, reason, optional }: SuiteTest): string {
  if (status === 'passed' && !reason) return '';
  return `${status}${reason ? `: ${reason}` : ''}${optional && status !== 'passed' ? ' (decides nothing)' : ''}`;
}

/** Each test; of one that has cases each case, and the test itself only when they do not say how it ended. */
export function suitePoints(suites: readonly SuiteResult[]): SuitePoint[] {
  return suites.flatMap((suite) =>
    suite.tests.flatMap((test) => testPoints(`${suiteName(suite)}: ${test.name}`, test)),
  );
}

function testPoints(name: string, test: SuiteTest): SuitePoint[] {
  const { cases, durationMs } = test;
  const status = plainStatus(test);
  const told = cases.length > 0 && (status === 'passed' || (status === 'failed' && cases.some(isFailed)));
  const own = { name, durationMs, status, reason: testReason(test), details: '' };
  return [...(told ? [] : [own]), ...cases.map((one) => casePoint(name, one, test))];
}

const isFailed = ({ status }: TestCase): boolean => status === 'failed';

function casePoint(test: string, { name, status, reason = '', diagnostics = '' }: TestCase, of: SuiteTest): SuitePoint {
  // A case that fails in a test that decides nothing decides nothing, either.
  const counts = status === 'failed' && speaksAgainst(of) ? 'failed' : 'passed';
  return {
    name: `${test}: ${name || 'unnamed'}`,
    durationMs: 0,
    status: status === 'skipped' || status === 'todo' ? 'skipped' : counts,
    reason: reason || (status === 'passed' ? '' : status),
    details: diagnostics,
  };
}

/** Tests that speak against the package, or could not be run. */
export function badTests(suites: readonly SuiteResult[]): { readonly suite: string; readonly test: SuiteTest }[] {
  return suites.flatMap((suite) =>
    suite.tests
      .filter((test) => ['failed', 'error'].includes(plainStatus(test)))
      .map((test) => ({ suite: suiteName(suite), test })),
  );
}
