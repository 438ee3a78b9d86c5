import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { aptGet } from './apt-command.ts';
import { refreshLists } from './apt-prepare.ts';
import { explain, runApt } from './apt-run.ts';
import { succeeded } from './output-text.ts';

const FLAGS = ['--no-install-recommends', '--no-remove'];

/** Meets dependencies in the syntax of deb-control(5), `gcc (>= 4:12) | clang`: apt-get(8) satisfy. */
export async function satisfy(shell: Shell, dependencies: readonly string[]): Promise<Failure | undefined> {
  const command = aptGet('satisfy', FLAGS, dependencies);
  const first = await runApt(shell, command);
  if (succeeded(first.end)) return undefined;
  // Lists that came with an image may be older than what the mirror has now.
  const run = (await refreshLists(shell)) ? await runApt(shell, command) : first;
  return succeeded(run.end) ? undefined : explain(shell, run);
}
