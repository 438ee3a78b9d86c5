import { checked } from '../lifecycle/checked.ts';
import { installTested } from '../lifecycle/install-tested.ts';
import { clear } from '../lifecycle/take-off.ts';
import { failed, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Installs the package on a system that has none of it, or again what came with the system. */
export async function installPackage(context: StageContext): Promise<StageOutcome> {
  const { state, shell } = context;
  const { presence } = state;
  const { name } = required(state.target, 'the install target');
  const base = presence.status === 'installed' && presence.base === true;
  if (base) shell.note(`${name} ${presence.version} is part of the base system; it is installed again`);
  else if (presence.status === 'installed' || presence.status === 'removed') {
    shell.note(`${name} is taken off first: it is to be installed where there is nothing of it`);
    const kept = await clear(context, { purging: true });
    if (kept) return 'kept' in kept ? { status: 'skipped', reason: kept.kept } : failed(kept);
  }
  const failure = await installTested(context, { reinstall: base });
  return failure ? failed(failure) : checked(context);
}
