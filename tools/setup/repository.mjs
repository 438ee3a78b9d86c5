import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything here runs on Node >= 18 with an empty node_modules: plain JavaScript, built-in modules only. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const BIN = join(ROOT, 'node_modules', '.bin');

/** The `alts` command of this clone; needs a build. */
export const ALTS = join(ROOT, 'packages', 'cli', 'bin', 'alts.js');

/** A program of node_modules; `node` there is Node 24, whatever the machine has. */
export const program = (name) => join(BIN, name);

/** What outlives a run: locks, which engine we started and who uses it, its log. */
export function stateFile(name) {
  const directory = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'alts');
  mkdirSync(directory, { recursive: true });
  return join(directory, name);
}

/** Names this clone in the file names of machine-wide state. */
export const cloneId = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);

/** For programs of the repository: Node 24 first, no telemetry, no advertisements of updates. */
export function repositoryEnvironment() {
  return {
    ...process.env,
    PATH: [BIN, process.env.PATH ?? ''].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  };
}

/** For programs of the machine: not from node_modules, and with the folders that only root has on its PATH. */
export function machineEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...process.env, PATH: [...path, '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter) };
}
