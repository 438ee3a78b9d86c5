import { randomUUID } from 'node:crypto';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { currentOwner, ownerState } from '@alts/sdk';

/** Of what is complete: its content has the same name without it. */
export const LABEL = '.json';
/** `.partial-<owner>-<uuid>`: the owner as leases name it, with dots for its colons. */
const PARTIAL = /^\.partial-(?:([0-9a-f]{16}\.\d{1,10}\.\d+)-)?/;
/** As the spool names what is complete, and lacks only its label. */
const CONTENT = /^\d{20}-/;
/** Of another boot or container nobody can be asked; no test is silent for so long. */
const FOREIGN_MS = 24 * 60 * 60_000;

/** What is being written has such a name, which tells by which process. */
export function partialName(): string {
  return `.partial-${currentOwner().replaceAll(':', '.')}-${randomUUID()}`;
}

/**
 * Removes what was never complete and never will be: its process is dead, or nobody knows and it is older than a day. What
 * another process is writing stays, and what cannot be removed is left for the next time.
 */
export async function removeLeftovers(root: string): Promise<void> {
  const tasks = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const task of tasks.filter((entry) => entry.isDirectory())) {
    const directory = join(root, task.name);
    const names = new Set(await readdir(directory).catch(() => []));
    let removed = false;
    for (const name of names) {
      if (!(await isLeftover(directory, name, names))) continue;
      await rm(join(directory, name), { force: true }).catch(() => undefined);
      removed = true;
    }
    // Does nothing where there is something.
    if (removed) await rmdir(directory).catch(() => undefined);
  }
}

async function isLeftover(directory: string, name: string, names: ReadonlySet<string>): Promise<boolean> {
  const partial = PARTIAL.exec(name);
  const lacksLabel = CONTENT.test(name) && !name.endsWith(LABEL) && !names.has(`${name}${LABEL}`);
  if (!partial && !lacksLabel) return false;
  const state = ownerState(partial?.[1]?.replaceAll('.', ':') ?? '');
  if (state !== 'unknown') return state === 'dead';
  const { mtimeMs } = (await lstat(join(directory, name)).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > FOREIGN_MS;
}
