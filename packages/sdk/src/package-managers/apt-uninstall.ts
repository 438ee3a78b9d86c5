import type { InstalledPackage } from '../contracts/facts.ts';
import type { Done, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { aptGet, WITHOUT_LISTS } from './apt-command.ts';
import { diagnose, explain, runApt } from './apt-run.ts';
import { removedPackages } from './classify-apt.ts';
import { dpkgWasAtWork } from './classify-dpkg.ts';
import { decodeText, type EndedCommand, failureOf, succeeded } from './output-text.ts';

/** A line for each architecture of it that dpkg knows. */
const STATES = `dpkg-query -W -f='\${db:Status-Status}\\n' -- "$1" 2>/dev/null; :`;

/** Takes the package off the system, and whatever depends on it: apt-get(8) remove. */
export async function remove(
  shell: Shell,
  { name, essential }: InstalledPackage,
): Promise<Failure | { kept: string } | Done | undefined> {
  if (essential) return { kept: `${name} is essential or protected: the system does not work without it` };
  const removed = await runRemove(shell, name);
  if (succeeded(removed.end)) {
    const others = removedPackages(removed).filter((each) => each !== name && !each.startsWith(`${name}:`));
    return others.length > 0 ? { scriptlets: [], alsoRemoved: others } : undefined;
  }
  return neededByEssential(removed, name) ?? removalFailure(await explain(shell, removed));
}

/** Where something depends on it, apt may look for another package in its place: it needs the lists for nothing else. */
async function runRemove(shell: Shell, name: string): Promise<EndedCommand> {
  const { end } = await shell.run(['dpkg', '--no-act', '--remove', '--', name], { reading: true });
  if (succeeded(end)) {
    const removed = await runApt(shell, aptGet('remove', WITHOUT_LISTS, [name]));
    if (succeeded(removed.end) || dpkgWasAtWork(removed)) return removed;
  }
  return runApt(shell, aptGet('remove', [], [name]));
}

/** Takes away what the package left for a later installation, dpkg(1) --purge. */
export async function purge(shell: Shell, { name }: InstalledPackage): Promise<Failure | 'nothing' | undefined> {
  // A package without configuration files and without a postrm is unknown to dpkg once it is removed: deb-postrm(5).
  if ((await statesOf(shell, name)).length === 0) return 'nothing';
  const purged = await runApt(shell, ['dpkg', '--purge', '--', name]);
  if (!succeeded(purged.end)) {
    const diagnosis = await diagnose(shell, purged);
    if (diagnosis instanceof Error) throw diagnosis;
    return removalFailure(diagnosis);
  }
  const left = await statesOf(shell, name);
  if (left.length === 0) return undefined;
  return failureOf(purged, 'removal_failed', `${name} is still there after it was purged: ${left.join(', ')}`);
}

/** What dpkg says of it in every architecture: `installed`, `config-files`, … */
async function statesOf(shell: Shell, name: string): Promise<string[]> {
  const { stdout } = await shell.run(['sh', '-c', STATES, 'sh', name], { reading: true });
  return decodeText(stdout)
    .split('\n')
    .filter((state) => state !== '' && state !== 'not-installed');
}

/** apt refuses before dpkg is at work: packages that the system cannot do without would go with it. */
export function neededByEssential(run: EndedCommand, name: string): { kept: string } | undefined {
  if (dpkgWasAtWork(run)) return undefined;
  const refused =
    /^E: (Essential packages were removed|Removing essential system-critical packages|Error, pkgProblemResolver|Unable to correct problems|Unable to satisfy dependencies)/m;
  if (!refused.test(run.stderr)) return undefined;
  return { kept: `${name} is needed by essential packages, which the system does not work without` };
}

/** Whatever has no name of its own is a removal that failed. */
function removalFailure(failure: Failure): Failure {
  return failure.reason === 'command_failed' ? { ...failure, reason: 'removal_failed' } : failure;
}
