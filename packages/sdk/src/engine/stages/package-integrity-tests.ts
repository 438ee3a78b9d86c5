import { runChecks } from '../run-checks.ts';
import type { StageContext, StageOutcome } from '../test-state.ts';

/** Has the installed package judged by all checkers. */
export function packageIntegrityTests(context: StageContext): Promise<StageOutcome> {
  return runChecks('package_integrity_tests', 'installed', context);
}
