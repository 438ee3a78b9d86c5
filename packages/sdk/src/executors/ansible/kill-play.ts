import { readdir, readFile } from 'node:fs/promises';

/** Each round may find what the ones before have just started. */
const MAX_ROUNDS = 100;

/** Kills the process group of a playbook, and what left it but has its mark in its variables. Never throws. */
export async function killPlay(group: number | undefined, mark: string): Promise<void> {
  if (group !== undefined) kill(-group);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const left = await marked(mark);
    if (left.length === 0) return;
    left.forEach(kill);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** None where there is no /proc. */
async function marked(mark: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await hasMark(pid, mark)) ? [pid] : [])));
  return found.flat().filter((pid) => pid !== process.pid);
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  // Those of others cannot be read, and are not ours. Of a zombie there is nothing to read.
  const variables = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return variables.split('\0').includes(mark);
}
