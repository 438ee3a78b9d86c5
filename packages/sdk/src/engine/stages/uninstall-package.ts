import { failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Takes the package off again, configuration and all, unless the system cannot do without it. */
export async function uninstallPackage({ state, shell }: StageContext): Promise<StageOutcome> {
  const manager = required(state.packageManager, 'the package manager');
  const installed = required(state.facts['package.installed'], 'the fact package.installed');
  const result = await manager.uninstall(shell, installed);
  if (result === undefined) return PASSED;
  return 'kept' in result ? { status: 'skipped', reason: result.kept } : failed(result);
}
