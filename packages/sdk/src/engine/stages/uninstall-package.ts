import { runChecks } from '../run-checks.ts';
import { failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Takes the package off again, then its configuration, and looks each time at what it left. */
export async function uninstallPackage(context: StageContext): Promise<StageOutcome> {
  const { state, shell } = context;
  const manager = required(state.packageManager, 'the package manager');
  const installed = required(state.facts['package.installed'], 'the fact package.installed');
  const done = await manager.remove(shell, installed);
  if (done && 'kept' in done) return { status: 'skipped', reason: done.kept };
  if (done && 'reason' in done) return failed(done);
  state.facts = { ...state.facts, 'package.scriptlets': done?.scriptlets ?? [] };
  const removed = await runChecks('uninstall_package', 'removed', context);
  const purge = await manager.purge(shell, installed);
  if (purge && purge !== 'nothing') return failed(purge);
  const purged = await runChecks('uninstall_package', 'purged', context, { unchanged: purge === 'nothing' });
  return [removed, purged].find(({ status }) => status !== 'passed') ?? PASSED;
}
