import { failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Installs the package, and learns what was really installed and where it came from. */
export async function installPackage({ plan, state, shell }: StageContext): Promise<StageOutcome> {
  const manager = required(state.packageManager, 'the package manager');
  const target = required(state.target, 'the install target');
  const before = state.systemFacts?.packages.get(target.name);
  const reinstall = before !== undefined;
  if (reinstall) shell.note(`${target.name} ${before} is part of the base system; it is installed again`);
  const { recommends, allow } = plan.request;
  const done = await manager.install(shell, target, { recommends, reinstall, allow });
  if (done && 'reason' in done) return failed(done);
  state.facts = { ...state.facts, 'package.scriptlets': done?.scriptlets ?? [] };
  const tested = await manager.identify(shell, target.name);
  // A package that came as a file has its origin and digest from there; no repository knows better.
  const { origin, sha256 } = target.path ? state.tested : tested;
  state.tested = { ...tested, origin, sha256 };
  shell.note(
    `installed ${tested.name} ${tested.version ?? '?'} (${tested.architecture ?? '?'}) from ${origin ?? 'an unknown place'}`,
  );
  return PASSED;
}
