import { gatherBefore } from '../run-checks.ts';
import { PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Facts about the system for the reader, and what is there before the package. */
export async function systemInfo(context: StageContext): Promise<StageOutcome> {
  const { state, shell } = context;
  state.systemFacts = await required(state.packageManager, 'the package manager').describeSystem(shell);
  const { name, kernel, architecture, packages } = state.systemFacts;
  shell.note(`${name}, ${architecture}, kernel ${kernel}, ${packages.size} packages`);
  await gatherBefore(context);
  return PASSED;
}
