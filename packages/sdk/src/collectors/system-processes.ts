import type { SystemProcess } from '../contracts/snapshot.ts';
import { parseHeads } from './system-registers.ts';

/** The four sections of a snapshot that speak of processes. */
export interface ProcessSections {
  /** Pid of the shell that asked. */
  readonly self: number;
  /** `/proc/<pid> <uid> <program>`, one for each process. */
  readonly programs: readonly string[];
  /** All of /proc/<pid>/stat. */
  readonly stats: string;
  /** All of /proc/<pid>/cmdline under headings. */
  readonly commands: string;
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly startedAt: number;
}

/** proc(5): the name in parentheses may hold anything, so fields are counted from the last parenthesis of the line. */
function parseStats(text: string): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const line of text.split(/\n(?=\d+ \()/)) {
    const pid = Number.parseInt(line, 10);
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = ''] = fields;
    if (pid > 0) stats.set(pid, { state, parent: Number(parent), startedAt: Number(fields[19]) });
  }
  return stats;
}

/** The first of its kind: the process from which all between it and this one come, but not init. */
function rootOf(pid: number, stats: ReadonlyMap<number, Stat>): number {
  const seen = new Set<number>();
  let at = pid;
  for (let parent = stats.get(at)?.parent ?? 0; parent > 1 && !seen.has(parent); parent = stats.get(at)?.parent ?? 0) {
    seen.add(parent);
    at = parent;
  }
  return at;
}

/**
 * Reads the processes that run. Left out are those of the kernel, those that ended and wait for their parent, and ALTS's
 * own: whatever hangs on the connection from which the question came, or came into a container from outside as it did. A
 * daemon that a package left behind does not: it was handed to init.
 */
export function parseProcesses({ self, programs, stats: text, commands }: ProcessSections): SystemProcess[] {
  const stats = parseStats(text);
  const lines = parseHeads(commands);
  const ownRoot = rootOf(self, stats);
  const fromOutside = stats.get(ownRoot)?.parent === 0;
  return programs.flatMap((program): SystemProcess[] => {
    const [, digits = '', uid = '', path = ''] = /^\/proc\/(\d+) (\d+) (.*)$/s.exec(program) ?? [];
    const pid = Number(digits);
    const stat = stats.get(pid);
    if (!stat || 'ZX'.includes(stat.state) || pid === 1) return [];
    const root = rootOf(pid, stats);
    if (root === ownRoot || (fromOutside && root !== 1 && stats.get(root)?.parent === 0)) return [];
    const command = (lines.get(`/proc/${pid}/cmdline`) ?? '').trim();
    if (path === '' && command === '') return [];
    const executable = path.replace(/ \(deleted\)$/, '');
    return [{ pid, startedAt: stat.startedAt, uid: Number(uid), executable, deleted: executable !== path, command }];
  });
}
