import type { Phase } from '../../contracts/phases.ts';
import type { Failure } from '../../contracts/report.ts';
import { gatherInstalled, runChecks } from '../run-checks.ts';
import { failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Why the package stays, or what went wrong; undefined: it is off. */
type NotRemoved = Failure | { readonly kept: string } | undefined;

/** Removes the package; its configuration stays. Those that depend on it go along, and are named in the stage's result. */
export async function remove({ state, shell, record }: StageContext): Promise<NotRemoved> {
  const manager = required(state.packageManager, 'the package manager');
  const installed = required(state.facts['package.installed'], 'the fact package.installed');
  const done = await manager.remove(shell, installed);
  if (done && ('kept' in done || 'reason' in done)) return done;
  state.presence = { status: 'removed' };
  state.facts = { ...state.facts, 'package.scriptlets': done?.scriptlets ?? [] };
  const others = done?.alsoRemoved ?? [];
  if (others.length > 0) {
    shell.note(`${others.join(', ')} went along: they depend on ${installed.name}`);
    record.alsoRemoved = [...new Set([...(record.alsoRemoved ?? []), ...others])];
  }
  return undefined;
}

/** Purges the package, which was removed. `nothing`: there was nothing to purge. */
export async function purge({ state, shell }: StageContext): Promise<Failure | 'nothing' | undefined> {
  const manager = required(state.packageManager, 'the package manager');
  const installed = required(state.facts['package.installed'], 'the fact package.installed');
  const done = await manager.purge(shell, installed);
  if (done === undefined || done === 'nothing') {
    state.presence = { status: 'purged' };
    state.changedFiles = new Set();
  }
  return done;
}

/** Takes off whatever version is there, without a look at what it leaves: another step needs it gone. */
export async function clear(context: StageContext, { purging }: { readonly purging: boolean }): Promise<NotRemoved> {
  const { state } = context;
  if (state.presence.status === 'installed') {
    await gatherInstalled(context);
    const done = await remove(context);
    if (done) return done;
  }
  if (!purging || state.presence.status !== 'removed') return undefined;
  const purged = await purge(context);
  return purged === 'nothing' ? undefined : purged;
}

/** Takes the version under test off, and looks after each step at what it left. */
export async function takeOff(context: StageContext, phases: readonly Phase[]): Promise<StageOutcome> {
  const { state, planned } = context;
  const outcomes: StageOutcome[] = [];
  if (state.presence.status === 'installed') {
    await gatherInstalled(context);
    const done = await remove(context);
    if (done && 'kept' in done) return { status: 'skipped', reason: done.kept };
    if (done) return failed(done);
    outcomes.push(await runChecks(planned.name, 'removed', context));
  }
  if (phases.includes('purged')) {
    const known = outcomes.length > 0;
    const done = await purge(context);
    if (done && done !== 'nothing') return failed(done);
    outcomes.push(await runChecks(planned.name, 'purged', context, { unchanged: known && done === 'nothing' }));
  }
  return outcomes.find(({ status }) => status !== 'passed') ?? PASSED;
}
