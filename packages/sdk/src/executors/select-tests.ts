import { matchesGlob } from '../contracts/glob.ts';
import type { SuitePlan } from '../contracts/suite-plan.ts';

/**
 * The tests that the request asks for, by name or glob; what fits none of them is said.
 * @param only left out: all
 */
export function selectTests(plan: SuitePlan, only: readonly string[] | undefined): SuitePlan {
  if (!only) return plan;
  const fits = (name: string, pattern: string) => name === pattern || matchesGlob(name, pattern);
  const unused = only.filter((pattern) => !plan.tests.some(({ name }) => fits(name, pattern)));
  return {
    ...plan,
    tests: plan.tests.filter(({ name }) => only.some((pattern) => fits(name, pattern))),
    notes: [...plan.notes, ...unused.map((pattern) => `no test is called ${JSON.stringify(pattern)}, as "only" asks`)],
  };
}
