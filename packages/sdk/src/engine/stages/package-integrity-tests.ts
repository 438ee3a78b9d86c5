import { ensureTested } from '../lifecycle/install-tested.ts';
import { runChecks } from '../run-checks.ts';
import { failed, type StageContext, type StageOutcome } from '../test-state.ts';

/** Has the installed package judged by all checkers. */
export async function packageIntegrityTests(context: StageContext): Promise<StageOutcome> {
  // An upgrade that was skipped has installed nothing.
  const failure = await ensureTested(context);
  return failure ? failed(failure) : runChecks('package_integrity_tests', 'installed', context);
}
