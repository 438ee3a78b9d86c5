import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AltsError, environmentOver, type Lease, type Runner, type System } from '@alts/sdk/plugin';

const KILL = `for file in $(grep -lasF -e "$1" /proc/[0-9]*/environ); do
  pid=\${file#/proc/}; kill -KILL "\${pid%/environ}" 2>/dev/null; done`;

/** Ends what was started with that variable, and all that came of it. */
export function killMarked(variable: string): void {
  spawnSync('sh', ['-c', KILL, 'sh', variable], { env: { PATH: process.env['PATH'] } });
}

/**
 * Environments that are none: real processes on this very machine, and a directory of lease files as the backend.
 * It keeps all of the contract but isolation (and what needs root, where we are not), without Docker; so it is the
 * ground on which the suite itself is tried.
 */
export function localRunner(backend: string, host: System): Runner {
  const leaseFile = (id: string) => join(backend, `${id}.json`);
  const start = (id: string, argv: readonly string[]): ChildProcessWithoutNullStreams => {
    const [program = 'false', ...args] = existsSync(leaseFile(id)) ? argv : ['false'];
    return spawn(program, args, { env: { ...process.env, ALTS_LOCAL: id } });
  };
  return {
    contract: 'runner/1',
    name: 'local',
    traits: new Set(['container']),
    async provision({ system }, { lease, signal }) {
      signal?.throwIfAborted();
      if (system.version !== host.version) throw new AltsError('not_supported', 'only the system of this machine');
      const id = randomUUID();
      mkdirSync(backend, { recursive: true });
      writeFileSync(leaseFile(id), JSON.stringify(lease));
      return environmentOver({ start: (argv) => start(id, argv) }, { id, system });
    },
    async *list({ signal } = {}) {
      signal?.throwIfAborted();
      for (const name of existsSync(backend) ? readdirSync(backend) : []) {
        const lease: Lease = JSON.parse(readFileSync(join(backend, name), 'utf8'));
        yield { id: name.replace('.json', ''), lease: { ...lease, deadline: new Date(lease.deadline) } };
      }
    },
    async remove(id) {
      rmSync(leaseFile(id), { force: true });
      killMarked(`ALTS_LOCAL=${id}`);
    },
  };
}
