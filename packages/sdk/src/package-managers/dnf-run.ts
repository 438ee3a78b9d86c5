import type { Argv } from '../contracts/environment.ts';
import type { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { classifyDnf } from './classify-dnf.ts';
import { DNF_ENV } from './dnf-command.ts';
import { type EndedCommand, endedCommand } from './output-text.ts';
import { resourceEvidence } from './resources.ts';

/** Runs dnf, yum or rpm. */
export async function runDnf(shell: Shell, command: Argv): Promise<EndedCommand> {
  return endedCommand(command, await shell.run(command, { env: DNF_ENV }));
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
  return classifyDnf(run, await resourceEvidence(shell, run));
}
