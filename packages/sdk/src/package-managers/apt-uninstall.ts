import type { InstalledPackage } from '../contracts/facts.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { ALTS_DIRECTORY, aptGet } from './apt-command.ts';
import { diagnose, explain, runApt } from './apt-run.ts';
import { dpkgWasAtWork } from './classify-dpkg.ts';
import { type EndedCommand, failureOf, succeeded } from './output-text.ts';

/** After all that scripts printed; one round trip for the purge and the question whether it is gone. */
const LEFT = 'left behind:';
const NOTHING = 'nothing to purge';
/** A package without configuration files and without a postrm is unknown to dpkg once it is removed: deb-postrm(5). */
const PURGE = `states() { dpkg-query -W -f='\${db:Status-Status} ' -- "$1" 2>/dev/null | sed 's/not-installed //g'; }
rm -rf -- "$2"
test -n "$(states "$1")" || { echo '${NOTHING}'; exit; }
dpkg --purge -- "$1" || exit
printf '\\n${LEFT} %s\\n' "$(states "$1")"`;

/** Takes the package off the system, apt-get(8) remove. */
export async function remove(
  shell: Shell,
  { name, essential }: InstalledPackage,
): Promise<Failure | { kept: string } | undefined> {
  if (essential) return { kept: `${name} is essential or protected: the system does not work without it` };
  const removed = await runApt(shell, aptGet('remove', [], [name]));
  if (succeeded(removed.end)) return undefined;
  return neededByEssential(removed, name) ?? removalFailure(await explain(shell, removed));
}

/** Takes away what the package left for a later installation, dpkg(1) --purge. */
export async function purge(shell: Shell, { name }: InstalledPackage): Promise<Failure | 'nothing' | undefined> {
  const purged = await runApt(shell, ['sh', '-c', PURGE, 'sh', name, ALTS_DIRECTORY]);
  if (!succeeded(purged.end)) {
    // Not the shell's failure but that of the tool in it.
    const run = { ...purged, command: ['dpkg', '--purge', '--', name] } as const;
    const diagnosis = await diagnose(shell, run);
    if (diagnosis instanceof Error) throw diagnosis;
    return removalFailure(diagnosis);
  }
  if (purged.stdout === `${NOTHING}\n`) return 'nothing';
  const left = purged.stdout.split('\n').findLast((line) => line.startsWith(LEFT)) ?? '';
  const words = left
    .slice(LEFT.length)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return failureOf(purged, 'removal_failed', `${name} is still there after it was purged: ${words.join(', ')}`);
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
