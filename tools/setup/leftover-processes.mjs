import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process is told to end has this long to do so. */
const ENDING_MS = 5000;
const VARIABLE = 'ALTS_TEST_RUN';

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile, or is another user's.
    return [];
  }
}

/**
 * The processes of a run of tests, known by a variable of their environment that is the run's own, also when those who
 * started them have ended. Without /proc, none is found.
 */
export class RunProcesses {
  #mark = randomUUID();

  /** To be given to the tests. */
  environment = { [VARIABLE]: this.#mark };

  /** As `{ pid, command }`. */
  list() {
    let pids;
    try {
      pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
    const mark = `${VARIABLE}=${this.#mark}`;
    return pids
      .filter((pid) => read(pid, 'environ').includes(mark))
      .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').join(' ').trim() }));
  }

  /** Kills those that do not end in time by themselves, and resolves to them. */
  async killLeft(withinMs = ENDING_MS) {
    const until = Date.now() + withinMs;
    while (this.list().length > 0 && Date.now() < until) await sleep(100);
    const left = this.list();
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    return left;
  }
}
