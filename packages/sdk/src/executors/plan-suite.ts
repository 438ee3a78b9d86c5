import type { SuiteSpec } from '../contracts/suite.ts';
import type { LocalSuite, SuitePlan, SuiteTarget } from '../contracts/suite-plan.ts';
import { planAutopkgtest } from './autopkgtest/plan-autopkgtest.ts';
import { planScripts } from './scripts/plan-scripts.ts';
import { selectTests } from './select-tests.ts';
import { planTmt } from './tmt/plan-tmt.ts';

const MAX_TESTS = 10_000;

/**
 * What tests a suite has, in its own format: `debian/tests/control`, a tree of `.fmf` files, or else scripts in a
 * directory; and of them those that the request asks for. A suite that has the first two is read as the format of the
 * system's family.
 */
export async function planSuite(
  suite: LocalSuite,
  spec: Pick<SuiteSpec, 'only'>,
  target: SuiteTarget,
): Promise<SuitePlan> {
  return atMost(selectTests(await planAll(suite, target), spec.only), MAX_TESTS);
}

async function planAll(suite: LocalSuite, target: SuiteTarget): Promise<SuitePlan> {
  const ofRpm = target.family === 'rpm' ? await planTmt(suite) : undefined;
  return (
    ofRpm ??
    (await planAutopkgtest(suite, target)) ??
    (await planTmt(suite)) ??
    (await planScripts(suite, { ansible: target.hasInventory }))
  );
}

function atMost({ tests, notes, ...plan }: SuitePlan, limit: number): SuitePlan {
  const said = tests.length > limit ? [`${tests.length} tests: only the first ${limit} are run`] : [];
  return { ...plan, tests: tests.slice(0, limit), notes: [...notes, ...said] };
}
