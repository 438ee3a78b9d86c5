import type { Failure } from '../../contracts/report.ts';
import { installTested } from '../lifecycle/install-tested.ts';
import { required, type StageContext } from '../test-state.ts';

/** Tests may remove the package under test; the next one finds it as it was. */
export async function ensureInstalled(context: StageContext): Promise<Failure | undefined> {
  const { state, shell } = context;
  const { name, version } = state.tested;
  const { version: found } = await required(state.packageManager, 'the package manager').identify(shell, name);
  if (found === version) return undefined;
  shell.note(`${name} ${version ?? ''} is no longer there: installing it again`);
  return installTested(context);
}
