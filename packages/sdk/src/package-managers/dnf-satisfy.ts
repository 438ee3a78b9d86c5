import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { dnfCommand, findDnf } from './dnf-command.ts';
import { explain, runDnf } from './dnf-run.ts';
import { succeeded } from './output-text.ts';

/** Meets dependencies as dnf(8) reads them, "Specifying Packages": a name, a file, `name >= version`. */
export async function satisfy(shell: Shell, dependencies: readonly string[]): Promise<Failure | undefined> {
  const odd = dependencies.find((one) => one.startsWith('-'));
  if (odd !== undefined) return { reason: 'unmet_dependency', message: `"${odd}" is no name of a package` };
  const run = await runDnf(shell, dnfCommand(await findDnf(shell), ['install'], dependencies));
  return succeeded(run.end) ? undefined : explain(shell, run);
}
