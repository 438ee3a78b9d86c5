import { gatherBefore } from '../run-checks.ts';
import { PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Facts about the system for the reader and, side by side, what is there before the package. */
export async function systemInfo(context: StageContext): Promise<StageOutcome> {
  const { state, shell } = context;
  const describing = required(state.packageManager, 'the package manager').describeSystem(shell);
  // Both come to their end, also when one fails: nothing goes on in an environment that is about to be removed.
  await Promise.allSettled([describing, gatherBefore(context)]).then(([, before]) => {
    if (before.status === 'rejected') throw before.reason;
  });
  state.systemFacts = await describing;
  const there = state.systemFacts.packages.get(required(state.target, 'the install target').name);
  if (there !== undefined) state.presence = { status: 'installed', version: there, base: true };
  const { name, kernel, architecture, packages } = state.systemFacts;
  shell.note(`${name}, ${architecture}, kernel ${kernel}, ${packages.size} packages`);
  return PASSED;
}
