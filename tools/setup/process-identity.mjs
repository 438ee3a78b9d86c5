import { readFileSync } from 'node:fs';

/**
 * `<pid>:<start time>`, or undefined when there is no such process: a process id alone is used again.
 * Where there is no /proc, only the process id is known.
 */
export function identityOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${pid}:${fields[19]}`;
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  try {
    process.kill(pid, 0);
    return `${pid}:0`;
  } catch (error) {
    return error.code === 'EPERM' ? `${pid}:0` : undefined;
  }
}

export const isAlive = (identity) => identityOf(Number.parseInt(identity, 10)) === identity;

/** What the process is called, proc_pid_comm(5). */
export function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
