import { ensureTested } from '../lifecycle/install-tested.ts';
import { takeOff } from '../lifecycle/take-off.ts';
import { failed, type StageContext, type StageOutcome } from '../test-state.ts';

/** Takes the package off again; as the last step of a test its configuration, too. Looks each time at what it left. */
export async function uninstallPackage(context: StageContext): Promise<StageOutcome> {
  const failure = await ensureTested(context);
  if (failure) return failed(failure);
  return takeOff(context, context.planned.last ? ['removed', 'purged'] : ['removed']);
}
