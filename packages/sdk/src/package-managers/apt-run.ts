import type { Argv } from '../contracts/environment.ts';
import type { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { APT_ENV } from './apt-command.ts';
import { classifyApt } from './classify-apt.ts';
import { type EndedCommand, endedCommand } from './output-text.ts';
import { resourceEvidence } from './resources.ts';

/** Runs apt-get or dpkg with the environment that keeps it from asking. */
export async function runApt(shell: Shell, command: Argv): Promise<EndedCommand> {
  return endedCommand(command, await shell.run(command, { env: APT_ENV }));
}

/**
 * Why a command did not end with 0.
 * @returns the package's failure
 * @throws {AltsError} when the infrastructure is at fault
 */
export async function explain(shell: Shell, run: EndedCommand): Promise<Failure> {
  const diagnosis = await diagnose(shell, run);
  if (diagnosis instanceof Error) throw diagnosis;
  return diagnosis;
}

/** Like {@link explain}, for callers that know better in one case or another. */
export async function diagnose(shell: Shell, run: EndedCommand): Promise<Failure | AltsError> {
  return classifyApt(run, await resourceEvidence(shell, run));
}
