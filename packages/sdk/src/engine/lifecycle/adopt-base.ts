import type { Plan } from '../plan.ts';
import { required, type StageContext, type TestState } from '../test-state.ts';
import { isVersion } from './presence.ts';

/** Whether what came with the system can be tested as it is: it is from no file, and of the version that was asked for. */
export function canAdopt({ request }: Plan, { presence, target }: TestState): boolean {
  if (presence.status !== 'installed' || presence.base !== true || target?.path !== undefined) return false;
  const { version } = request.package;
  return version === undefined || isVersion(presence.version, version);
}

/** Takes what came with the system for the package under test: a rule says that it is not to be installed. */
export async function adoptBase({ state, shell }: StageContext): Promise<void> {
  const manager = required(state.packageManager, 'the package manager');
  state.tested = await manager.identify(shell, required(state.target, 'the install target').name);
  const { name, version } = state.tested;
  state.facts = { ...state.facts, 'package.scriptlets': [] };
  state.presence = { status: 'installed', version };
  shell.note(`${name} ${version ?? '?'} came with the system, and is tested as it is: its installation is skipped`);
}
