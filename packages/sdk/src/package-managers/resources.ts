import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import { decodeText, type EndedCommand, succeeded } from './output-text.ts';

/** What the system itself says of its space and memory; asked only when the output speaks of them. */
export interface ResourceEvidence {
  /** Mount points without space. */
  readonly full: readonly string[];
  /** The kernel killed something in this environment for want of memory. */
  readonly outOfMemory: boolean;
}

/** A mount point with fewer KiB than this has no space: root's reserve aside, a block or two are always left. */
const FULL_BELOW_KIB = 64;

/** Free space where packages are unpacked, and how often the kernel killed for want of memory (cgroup 2, then 1). */
const RESOURCES = `df -P -k / /usr /var /tmp /run /dev/shm 2>/dev/null | awk 'NR > 1 { print "free", $4, $6 }'
cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null | grep '^oom_kill '`;

/** Asks the system, when there is reason and time to ask. */
export async function resourceEvidence(shell: Shell, run: EndedCommand): Promise<ResourceEvidence | undefined> {
  // After a time limit there is no time left to ask in, and what was killed says nothing of memory.
  if (run.end.type === 'time-limit' || !speaksOfResources(run)) return undefined;
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

/** True when it should be asked whether space or memory ran out: the word of a script alone is no evidence. */
export function speaksOfResources({ end, stdout, stderr }: EndedCommand): boolean {
  const words =
    /No space left on device|Cannot allocate memory|[Oo]ut of memory|Killed|killed by signal|write error|received signal|exited unexpectedly|cpio: |unpacking rpm package/;
  return end.type === 'signal' || words.test(stderr) || words.test(stdout);
}

/** Space and memory are the environment's, whoever ran out of them. */
export function resourceError(text: string): AltsError | undefined {
  if (
    /No space left on device|Disk quota exceeded|don't have enough free space|more space (needed )?on the /.test(text)
  ) {
    return new AltsError('disk_full', `no space is left in the environment: ${text}`);
  }
  if (/Cannot allocate memory|std::bad_alloc/.test(text)) {
    return new AltsError('out_of_memory', `memory ran out in the environment: ${text}`);
  }
  return undefined;
}
