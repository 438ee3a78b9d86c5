import { runChecks } from '../run-checks.ts';
import { PASSED, type StageContext, type StageOutcome } from '../test-state.ts';

/**
 * How a step ends that left the package installed: with what checkers say, where the stage for that is over.
 * @param unchanged the facts of this installation are known already
 */
export async function checked(context: StageContext, { unchanged = false } = {}): Promise<StageOutcome> {
  const { planned } = context;
  return planned.checks ? runChecks(planned.name, 'installed', context, { unchanged }) : PASSED;
}
