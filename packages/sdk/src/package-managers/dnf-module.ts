import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import type { ModuleStream } from '../contracts/request.ts';
import { type Dnf, dnfCommand } from './dnf-command.ts';
import { explain, runDnf } from './dnf-run.ts';
import { type EndedCommand, failureOf, succeeded } from './output-text.ts';

/**
 * Enables the stream of a module in the place of whatever stream is enabled, dnf(8), "Module Command".
 * @throws {AltsError} `not_supported` for a yum without modules
 */
export async function enableModule(
  shell: Shell,
  dnf: Dnf,
  { name, stream, version }: ModuleStream,
): Promise<Failure | undefined> {
  if (dnf.generation === 'yum3') throw new AltsError('not_supported', `module: ${dnf.program} knows no modules`);
  const spec = `${name}:${stream}`;
  if (version !== undefined) {
    // enable takes the newest version whatever is asked for.
    const asked = await runDnf(shell, dnfCommand(dnf, ['module', 'info'], [`${spec}:${version}`]));
    if (!succeeded(asked.end)) return unknownModule(asked, `${spec}:${version}`) ?? explain(shell, asked);
  }
  const reset = await runDnf(shell, dnfCommand(dnf, ['module', 'reset'], [name]));
  if (!succeeded(reset.end)) return unknownModule(reset, spec) ?? explain(shell, reset);
  const enabled = await runDnf(shell, dnfCommand(dnf, ['module', 'enable'], [spec]));
  if (!succeeded(enabled.end)) return unknownModule(enabled, spec) ?? explain(shell, enabled);
  return undefined;
}

function unknownModule(run: EndedCommand, spec: string): Failure | undefined {
  const unknown =
    /^(Error: No matching Modules to list|missing groups or modules: |Unable to resolve argument |No match for argument|No matches found for)/im;
  if (!unknown.test(run.stderr) && !unknown.test(run.stdout)) return undefined;
  return failureOf(run, 'package_not_found', `no repository has the module ${spec}`);
}
