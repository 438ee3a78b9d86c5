import type { InstalledPackage } from '../contracts/facts.ts';
import type { Done, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { DNF_ENV, dnfCommand, findDnf } from './dnf-command.ts';
import { explain, runDnf } from './dnf-run.ts';
import { type EndedCommand, endedCommand, failureOf, succeeded } from './output-text.ts';
import { failedScriptlets } from './rpm-scriptlets.ts';

/** Takes the package off the system, and whatever depends on it: dnf(8), remove. */
export async function remove(
  shell: Shell,
  { name, essential }: InstalledPackage,
): Promise<Failure | { kept: string } | Done> {
  if (essential) return { kept: `${name} is protected: dnf does not remove it` };
  const dnf = await findDnf(shell);
  const run = await runDnf(shell, dnfCommand(dnf, ['remove'], [name]));
  const kept = neededByProtected(run, name);
  if (kept) return kept;
  if (!succeeded(run.end)) return removalFailure(await explain(shell, run));
  return { scriptlets: failedScriptlets(run), alsoRemoved: alsoRemoved(run) };
}

/** The part of the table that dnf prints before rpm is at work: a headline, then a row for each package. */
export function alsoRemoved({ stdout }: Pick<EndedCommand, 'stdout'>): string[] {
  const [, rows = ''] = /^Removing (?:dependent packages|for dependencies):\n((?: .*\n)+)/m.exec(stdout) ?? [];
  return [...rows.matchAll(/^ (\S+) /gm)].map(([, name = '']) => name);
}

/** rpm keeps nothing for a later installation but configuration files that were changed, and those are the administrator's. */
export async function purge(shell: Shell, { name }: InstalledPackage): Promise<Failure | 'nothing'> {
  const command = ['sh', '-c', 'rpm -q --queryformat "%{NAME}\\n" -- "$1"; :', 'sh', name] as const;
  const run = endedCommand(command, await shell.run(command, { reading: true, env: DNF_ENV }));
  if (!run.stdout.split('\n').includes(name)) return 'nothing';
  return failureOf(run, 'removal_failed', `${name} is still there after it was removed`);
}

/** dnf refuses before rpm is at work. */
export function neededByProtected({ stdout, stderr }: EndedCommand, name: string): { kept: string } | undefined {
  const refused = /removing the following protected packages: (.+)|Trying to remove "(\S+)", which is protected/;
  const [, several, one] = refused.exec(stderr) ?? refused.exec(stdout) ?? [];
  const packages = several ?? one;
  if (packages === undefined) return undefined;
  if (packages.trim() === name) return { kept: `${name} is protected: dnf does not remove it` };
  return { kept: `${name} is needed by protected packages, which dnf does not remove: ${packages.trim()}` };
}

/** Whatever has no name of its own is a removal that failed. */
function removalFailure(failure: Failure): Failure {
  return failure.reason === 'command_failed' ? { ...failure, reason: 'removal_failed' } : failure;
}
