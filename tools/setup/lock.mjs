import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive } from './process-identity.mjs';
import { stateFile } from './repository.mjs';
import { SetupError } from './setup-error.mjs';

const LIMIT_MS = 30 * 60_000;
const held = new Set();

const ownerOf = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Linked, not created: a lock is never seen without its owner's name in it. */
function take(file, me) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, me);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moved away and looked at again, since another waiter may have replaced the dead owner's lock meanwhile. */
function breakLock(file, deadOwner) {
  const moved = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, moved);
    if (ownerOf(moved) !== deadOwner) linkSync(moved, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(moved, { force: true });
  }
}

/** One at a time among all processes of this user; what a killed process held is free. */
export async function withLock(name, work) {
  const file = stateFile(`${name}.lock`);
  if (held.has(file)) return work();
  const me = identityOf(process.pid);
  const deadline = Date.now() + LIMIT_MS;
  for (let told = false; !take(file, me); await delay(100)) {
    const owner = ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) breakLock(file, owner);
    else if (owner !== undefined && !told) {
      told = true;
      console.log(`(waiting for another set-up on this machine, process ${owner.split(':')[0]})`);
    }
    if (Date.now() > deadline) throw new SetupError(`another set-up has held ${file} for ${LIMIT_MS / 60_000} minutes`);
  }
  held.add(file);
  try {
    return await work();
  } finally {
    held.delete(file);
    rmSync(file, { force: true });
  }
}
