import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRoot, runAsRoot } from './apt.mjs';
import { withLock } from './lock.mjs';
import { identityOf, isAlive, nameOf } from './process-identity.mjs';
import { stateFile } from './repository.mjs';

/** dockerd gives its containers ten seconds, then kills them. */
const STOP_LIMIT_MS = 30_000;
const RECORD = stateFile('engine.json');
const USERS = stateFile('engine-users');
const me = () => identityOf(process.pid);

function record() {
  try {
    const { identity, keep } = JSON.parse(readFileSync(RECORD, 'utf8'));
    return isAlive(identity) && nameOf(Number.parseInt(identity, 10)) === 'dockerd' ? { identity, keep } : undefined;
  } catch {
    return undefined;
  }
}

const write = (identity, keep) => writeFileSync(RECORD, JSON.stringify({ identity, keep }));

/** Remembers a dockerd as started by us. */
export const recordEngine = (pid) => write(identityOf(pid), false);

/** Somebody wants the engine to go on running. */
export function keepEngine() {
  const started = record();
  if (started) write(started.identity, true);
}

/** As long as this process lives and has not released it, nobody of ours stops the engine. */
export function useEngine() {
  mkdirSync(USERS, { recursive: true });
  writeFileSync(join(USERS, me()), '');
}

function otherUsers() {
  const others = [];
  for (const user of readdirSync(USERS)) {
    if (user === me()) continue;
    if (isAlive(user)) others.push(user);
    else rmSync(join(USERS, user), { force: true });
  }
  return others;
}

/** Stops a dockerd that a test run started, and no other, when the last of its users is done. */
export const releaseEngine = () => withLock('engine', release);

async function release() {
  mkdirSync(USERS, { recursive: true });
  rmSync(join(USERS, me()), { force: true });
  const started = record();
  if (!started || started.keep || otherUsers().length > 0) return undefined;
  const pid = Number.parseInt(started.identity, 10);
  if (isRoot()) process.kill(pid, 'SIGTERM');
  // The shell's own `kill`: the program is not on every machine.
  else await runAsRoot('stopping Docker', 'sh', ['-c', 'kill -TERM "$1"', 'sh', String(pid)]);
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isAlive(started.identity) && Date.now() < deadline) await delay(100);
  if (isAlive(started.identity))
    return `the Docker Engine (process ${pid}) did not stop within ${STOP_LIMIT_MS / 1000} s`;
  rmSync(RECORD, { force: true });
  return 'stopped the Docker Engine that was started for the tests';
}
