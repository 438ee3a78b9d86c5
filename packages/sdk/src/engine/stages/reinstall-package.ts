import { checked } from '../lifecycle/checked.ts';
import { ensureTested, installTested } from '../lifecycle/install-tested.ts';
import { failed, type StageContext, type StageOutcome } from '../test-state.ts';

/** Installs the version that is there once more, over itself. */
export async function reinstallPackage(context: StageContext): Promise<StageOutcome> {
  const failure = (await ensureTested(context)) ?? (await installTested(context, { reinstall: true }));
  return failure ? failed(failure) : checked(context);
}
