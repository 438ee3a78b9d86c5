import type { Failure } from '../../contracts/report.ts';
import { required, type StageContext } from '../test-state.ts';
import { isVersion } from './presence.ts';
import { clear } from './take-off.ts';

/** Makes an older version be there as if it had been there first: what is there of another one is purged before. */
export async function putOlder(context: StageContext, version: string): Promise<Failure | undefined> {
  const { state, shell } = context;
  const { presence } = state;
  if (presence.status === 'installed' && isVersion(presence.version, version)) {
    shell.note(`${version} is there already`);
    return undefined;
  }
  if (presence.status !== 'never' && !(presence.status === 'installed' && presence.base)) {
    shell.note('what is there is purged first');
    const kept = await clear(context, { purging: true });
    if (kept && 'reason' in kept) return kept;
    if (kept) shell.note(kept.kept);
  }
  return installOlder(context, version, { downgrade: state.presence.status === 'installed' });
}

/** Installs an older version, from a repository, and looks whether it is there. */
export async function installOlder(
  { plan, state, shell }: StageContext,
  version: string,
  { downgrade }: { readonly downgrade: boolean },
): Promise<Failure | undefined> {
  const manager = required(state.packageManager, 'the package manager');
  const { name } = required(state.target, 'the install target');
  const { recommends, allow } = plan.request;
  const done = await manager.install(
    shell,
    { name, version },
    { recommends, allow, downgrade, exactDependencies: true, reinstall: false },
  );
  const about = (message: string) => `the older version ${version}: ${message}`;
  if (done && 'reason' in done) return { ...done, message: about(done.message) };
  // Of a downgrade they may be scripts of the version under test; else they say nothing of it.
  const failed = downgrade ? done?.scriptlets[0] : undefined;
  if (failed) {
    return {
      reason: 'script_failed',
      message: about(`the ${failed.script} script of ${failed.owner} failed (${failed.how})`),
    };
  }
  const found = await manager.identify(shell, name);
  if (!isVersion(found.version, version)) {
    return { reason: 'version_not_found', message: about(`${found.version ?? 'nothing'} is installed in its place`) };
  }
  state.presence = { status: 'installed', version: found.version ?? version };
  return undefined;
}
