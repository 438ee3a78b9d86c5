import { PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** Facts about the system for the reader, and what is there before the package. */
export async function systemInfo({ state, shell }: StageContext): Promise<StageOutcome> {
  state.systemFacts = await required(state.packageManager, 'the package manager').describeSystem(shell);
  const { name, kernel, architecture, packages } = state.systemFacts;
  shell.note(`${name}, ${architecture}, kernel ${kernel}, ${packages.size} packages`);
  return PASSED;
}
