import { checked } from '../lifecycle/checked.ts';
import { chooseOlder } from '../lifecycle/choose-older.ts';
import { installTested } from '../lifecycle/install-tested.ts';
import { putOlder } from '../lifecycle/put-older.ts';
import { changeConfiguration, followConfiguration, pathsInEffect } from '../lifecycle/user-changes.ts';
import { runChecks } from '../run-checks.ts';
import { failed, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Upgrades from an older version, whose configuration files a person has changed, to the one under test. */
export async function upgradePackage(context: StageContext): Promise<StageOutcome> {
  const { state, shell, planned, record } = context;
  const manager = required(state.packageManager, 'the package manager');
  const { step } = planned;
  const asked = typeof step === 'object' && step.step === 'upgrade' ? step.from : undefined;
  const chosen = await chooseOlder(context, asked);
  if ('skip' in chosen) return { status: 'skipped', reason: chosen.skip };
  if ('reason' in chosen) return failed(chosen);
  const { name, older, version } = chosen;
  record.versions = { from: older, to: version };
  shell.note(`${name} is upgraded from ${older} to ${version}`);
  const before = await putOlder(context, older);
  if (before) return failed(before);
  const changes = await changeConfiguration(shell, await manager.configurationFiles(shell, name));
  const failure = await installTested(context);
  if (failure) return failed(failure);
  const paths = changes.size > 0 ? await manager.configurationFiles(shell, name) : [];
  const followed = await followConfiguration(shell, changes, paths);
  state.changedFiles = pathsInEffect(followed);
  state.facts = { ...state.facts, 'package.configuration': followed };
  const upgraded = await runChecks(planned.name, 'upgraded', context);
  const installed = await checked(context, { unchanged: true });
  return upgraded.status === 'passed' ? installed : upgraded;
}
