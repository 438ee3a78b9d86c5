import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The owner of environments that a person asked to keep: only their deadline ends them. */
export const KEPT = 'kept';

function readOr(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/**
 * Names the set of processes that a process id means something in: this boot of this machine, and this pid namespace,
 * because two containers on one machine each have a process 1.
 */
function processSpace(): string {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), hostname());
  const namespace = readOr(() => readlinkSync('/proc/self/ns/pid'), 'none');
  return createHash('sha256').update(`${boot} ${namespace}`).digest('hex').slice(0, 16);
}

/**
 * State and start time of a process, proc_pid_stat(5) fields 3 and 22: a process id alone is used again.
 * Undefined where there is no such process; where there is no /proc, only life and death are known.
 */
function inspectProcess(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '?', startedAt: fields[19] ?? '0' };
  } catch (error) {
    if (process.platform === 'linux' && (error as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
  }
  try {
    process.kill(pid, 0);
    return { state: 'R', startedAt: '0' };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? { state: 'R', startedAt: '0' } : undefined;
  }
}

/** This process, as leases name it: `<process space>:<pid>:<start time>`. */
export function currentOwner(): string {
  return `${processSpace()}:${process.pid}:${inspectProcess(process.pid)?.startedAt ?? '0'}`;
}

/** `unknown`: of another machine, or kept; only the deadline tells. */
export function ownerState(owner: string): 'alive' | 'dead' | 'unknown' {
  const match = /^([0-9a-f]{16}):(\d{1,10}):(\d+)$/.exec(owner);
  if (!match || match[1] !== processSpace()) return 'unknown';
  const found = inspectProcess(Number(match[2]));
  // A zombie runs nothing any more; its parent has only not asked yet.
  if (!found || found.state === 'Z' || found.state === 'X') return 'dead';
  return found.startedAt === match[3] ? 'alive' : 'dead';
}
