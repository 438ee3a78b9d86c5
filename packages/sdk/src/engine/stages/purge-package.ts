import { ensureTested } from '../lifecycle/install-tested.ts';
import { takeOff } from '../lifecycle/take-off.ts';
import { failed, type StageContext, type StageOutcome } from '../test-state.ts';

/** Takes away what a removal left for a later installation; before it the package, where it is still there. */
export async function purgePackage(context: StageContext): Promise<StageOutcome> {
  const removed = context.state.presence.status === 'removed';
  const failure = removed ? undefined : await ensureTested(context);
  if (failure) return failed(failure);
  return takeOff(context, ['removed', 'purged']);
}
