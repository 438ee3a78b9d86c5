import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentOwner, ownerState } from './owner.ts';

/** `alts-<what for>-<owner>-<six letters>`: the owner as leases name it, with dots for its colons. */
const NAME = /^alts-[a-z]+-([0-9a-f]{16}\.\d{1,10}\.\d+)-[A-Za-z0-9]{6}$/;
/** No test takes that long: what is older is of another boot or of a container that is gone, and nobody can be asked. */
const FOREIGN_MS = 7 * 24 * 60 * 60_000;

/** A directory on this machine that goes when it is disposed of. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * For this user alone, in the directory for temporary files. Its name tells which process it belongs to, so that
 * {@link removeAbandonedDirectories} of another process finds it when this one is killed.
 * @param what it is for: small letters
 */
export async function temporaryDirectory(what: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `alts-${what}-${currentOwner().replaceAll(':', '.')}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Removes the temporary directories of processes that are dead, and those of other boots and containers when they are a
 * week old.
 * @returns their paths; what cannot be removed is left for the next time
 */
export async function removeAbandonedDirectories(): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, owner] = NAME.exec(name) ?? [];
    const path = join(tmpdir(), name);
    if (owner === undefined || !(await isAbandoned(path, owner.replaceAll('.', ':')))) continue;
    const gone = await rm(path, { recursive: true, force: true }).then(
      () => true,
      () => false,
    );
    if (gone) removed.push(path);
  }
  return removed;
}

async function isAbandoned(path: string, owner: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  // Whoever may write here may use such a name. What is not of this user is not followed into: it could change under rm.
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  const state = ownerState(owner);
  return state === 'dead' || (state === 'unknown' && Date.now() - found.mtimeMs > FOREIGN_MS);
}
