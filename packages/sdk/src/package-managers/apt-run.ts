import type { Argv } from '../contracts/environment.ts';
import type { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { APT_ENV } from './apt-command.ts';
import { classifyApt, type ResourceEvidence, speaksOfResources } from './classify-apt.ts';
import { decodeText, type EndedCommand, endedCommand, succeeded } from './output-text.ts';

/** A mount point with fewer KiB than this has no space: root's reserve aside, a block or two are always left. */
const FULL_BELOW_KIB = 64;

/** Free space where packages are unpacked, and how often the kernel killed for want of memory (cgroup 2, then 1). */
const RESOURCES = `df -P -k / /usr /var /tmp /run /dev/shm 2>/dev/null | awk 'NR > 1 { print "free", $4, $6 }'
cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null | grep '^oom_kill '`;

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
  // After a time limit there is no time left to ask in, and what was killed says nothing of memory.
  const ask = run.end.type !== 'time-limit' && speaksOfResources(run);
  return classifyApt(run, ask ? await askResources(shell) : undefined);
}

async function askResources(shell: Shell): Promise<ResourceEvidence> {
  const { stdout, end } = await shell.run(['sh', '-c', RESOURCES], { reading: true });
  if (!succeeded(end) && stdout.length === 0) return { full: [], outOfMemory: false };
  return parseResources(decodeText(stdout));
}

/** Reads `free <KiB> <mount point>` and `oom_kill <count>`. */
export function parseResources(text: string): ResourceEvidence {
  const free = [...text.matchAll(/^free (\d+) (\S+)$/gm)];
  const full = free.filter(([, kib]) => Number(kib) < FULL_BELOW_KIB).map(([, , mount = '']) => mount);
  const outOfMemory = [...text.matchAll(/^oom_kill (\d+)$/gm)].some(([, count]) => Number(count) > 0);
  return { full: [...new Set(full)], outOfMemory };
}
