import { AltsError } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/report.ts';
import { type SuiteTest, speaksAgainst } from '../../contracts/suite-result.ts';
import { ensureTested } from '../lifecycle/install-tested.ts';
import { forgiveSuites, lookBeforeSuites } from '../run-checks.ts';
import { skipOfTest } from '../skips.ts';
import { runSuite } from '../suite-run/run-suite.ts';
import { failed, PASSED, type StageContext, type StageOutcome } from '../test-state.ts';

/** Names that are shown of many. */
const SHOWN = 5;

/** Runs the test suites of the request against the installed package; one that fails does not stop the others. */
export async function thirdPartyTests(context: StageContext): Promise<StageOutcome> {
  const { plan, state } = context;
  if (plan.request.tests.length === 0) return { status: 'skipped', reason: 'the request names no test suite' };
  const failure = await ensureTested(context);
  if (failure) return failed(failure);
  await lookBeforeSuites(context);
  let missing: Failure | undefined;
  for (const [index, spec] of plan.request.tests.entries()) {
    const ran = await runSuite(context, spec, index);
    if ('reason' in ran) {
      context.shell.note(ran.message);
      missing ??= ran;
    } else state.suites.push(ran.result);
  }
  await forgiveSuites(context);
  const tests = state.suites.flatMap((suite) => suite.tests);
  return (missing ? undefined : allSkipped(tests, context)) ?? outcomeOf(tests, missing);
}

/** A stage in which rules have left nothing to run has not passed. */
function allSkipped(tests: readonly SuiteTest[], { plan, state }: StageContext): StageOutcome | undefined {
  const ruled = tests.find(({ name }) => skipOfTest(name, plan, state) !== undefined);
  if (!ruled || tests.some(({ status }) => status !== 'skipped')) return undefined;
  return { status: 'skipped', reason: `none of the ${tests.length} tests was run; ${ruled.name}: ${ruled.reason}` };
}

function outcomeOf(tests: readonly SuiteTest[], missing: Failure | undefined): StageOutcome {
  const against = tests.filter(speaksAgainst);
  if (against.length > 0) {
    const message = `${against.length} of ${tests.length} tests ${against.length === 1 ? 'does' : 'do'} not pass: ${names(against)}`;
    return failed({ reason: 'tests_failed', message });
  }
  if (missing) return failed(missing);
  const unusable = tests.filter(({ status, optional }) => status === 'error' && optional !== true);
  const [first] = unusable;
  if (!first) return PASSED;
  throw new AltsError('suite_unusable', `tests that cannot be run: ${names(unusable)}; ${first.name} ${first.reason}`);
}

function names(tests: readonly SuiteTest[]): string {
  const shown = tests.slice(0, SHOWN).map(({ name, status }) => `${name} (${status})`);
  return [...shown, ...(tests.length > SHOWN ? [`and ${tests.length - SHOWN} more`] : [])].join(', ');
}
