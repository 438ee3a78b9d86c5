import { checked } from '../lifecycle/checked.ts';
import { ensureTested, installTested } from '../lifecycle/install-tested.ts';
import { clear } from '../lifecycle/take-off.ts';
import { failed, type StageContext, type StageOutcome } from '../test-state.ts';

/** Installs the package where it was before: on what a removal, or a purge, has left. */
export async function installPackageAgain(context: StageContext): Promise<StageOutcome> {
  const { state, shell } = context;
  if (state.presence.status === 'never') {
    const failure = await ensureTested(context);
    if (failure) return failed(failure);
  }
  if (state.presence.status === 'installed') {
    shell.note(`${state.tested.name} is removed first`);
    const kept = await clear(context, { purging: false });
    if (kept) return 'kept' in kept ? { status: 'skipped', reason: kept.kept } : failed(kept);
  }
  const failure = await installTested(context);
  return failure ? failed(failure) : checked(context);
}
