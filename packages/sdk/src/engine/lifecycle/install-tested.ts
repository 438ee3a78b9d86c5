import type { InstallOptions, InstallTarget } from '../../contracts/package-manager.ts';
import type { Failure } from '../../contracts/report.ts';
import { required, type StageContext, type TestState } from '../test-state.ts';
import { adoptBase, canAdopt } from './adopt-base.ts';
import { isTested } from './presence.ts';

/** What is installed, from the second time on exactly what was installed the first time. */
function targetOf({ target, tested }: TestState): InstallTarget {
  const wanted = required(target, 'the install target');
  return { ...wanted, version: wanted.version ?? tested.version ?? undefined };
}

/** Installs the version under test, and learns what was really installed and where it came from. */
export async function installTested(
  context: StageContext,
  how: Pick<InstallOptions, 'reinstall'> = { reinstall: false },
): Promise<Failure | undefined> {
  const { plan, state, shell } = context;
  const manager = required(state.packageManager, 'the package manager');
  const target = targetOf(state);
  const { recommends, allow } = plan.request;
  const done = await manager.install(shell, target, { recommends, allow, ...how });
  if (done && 'reason' in done) return done;
  state.facts = { ...state.facts, 'package.scriptlets': done?.scriptlets ?? [] };
  const tested = await manager.identify(shell, target.name);
  // A package that came as a file has its origin and digest from there; no repository knows better.
  const { origin, sha256 } = target.path ? state.tested : tested;
  state.tested = { ...tested, origin, sha256 };
  state.presence = { status: 'installed', version: tested.version };
  shell.note(
    `installed ${tested.name} ${tested.version ?? '?'} (${tested.architecture ?? '?'}) from ${origin ?? 'an unknown place'}`,
  );
  return undefined;
}

/** Brings about what a step needs: the version under test is there. */
export async function ensureTested(context: StageContext): Promise<Failure | undefined> {
  const { plan, state, shell, planned } = context;
  if (isTested(state.presence, state.tested)) return undefined;
  const { name, version } = targetOf(state);
  const { presence } = state;
  if (state.ruledOut.has('install_package') && canAdopt(plan, state)) {
    await adoptBase(context);
    return undefined;
  }
  shell.note(`${planned.name} needs ${name} ${version ?? ''} to be there: installing it first`);
  return installTested(context, { reinstall: presence.status === 'installed' && presence.base === true });
}
