import { isChanged, type SystemFile } from '../contracts/snapshot.ts';
import { isExpected } from './expected-changes.ts';
import type { Remains } from './leftover-origin.ts';
import { isBelow, placeOf } from './path-lookup.ts';

/** A file of other packages that is not what it was before the install. */
export interface ChangedOther {
  readonly path: string;
  readonly owners: readonly string[];
  /** Each reads on from the path. */
  readonly changes: readonly string[];
  /** It may be meant so, as rights by dpkg-statoverride(1) are, or be the work of a package that came along. */
  readonly isMild: boolean;
}

/** Emptied or written at any time, by anybody: FHS 3.0, 3.15, 3.18, 5.5, 5.10, 5.15. */
const VOLATILE = ['/run', '/tmp', '/var/tmp', '/var/cache', '/var/log'];
/** Written by the tools that their owners have for others: Debian Policy 10.7.4. */
const SHARED = ['/etc', '/var'];

/**
 * Files that were there before, belong to other packages whose version is still the same, and are not what they were.
 * Contents are told apart by size and time: one that was only written anew is a mild case. A file that vanished is left
 * to `leftovers`. Diverted files are looked for where they were moved to.
 */
export function* changedOthers(remains: Remains, name: string): Generator<ChangedOther> {
  const { 'system.before': before, 'system.now': now } = remains;
  const isKept = (owner: string) => before.packages.get(owner) === now.packages.get(owner);
  const overridden = new Set(now.statOverrides.map(({ path }) => placeOf(path, now.files)));
  const cameAlong = [...now.packages.keys()].some((other) => other !== name && !isKept(other));
  for (const [path, owners] of now.owners) {
    const [old, file] = [before.files.get(path), now.files.get(path)];
    if (!old || !file || !isChanged(old, file)) continue;
    const others = owners.filter((owner) => owner !== name);
    // A file of both went from one to the other; a directory of both may still have been given other rights.
    const isShared = others.length < owners.length;
    if (others.length === 0 || (isShared && file.type !== 'directory') || !others.every(isKept)) continue;
    if (isBelow(path, VOLATILE) || isAlternative(old, file) || isExpected(path, now.files)) continue;
    const changes = [...differences(old, file)];
    const isOnRecord = overridden.has(path) && !isOtherContent(old, file);
    const isMild = cameAlong || isShared || isOnRecord || isBelow(path, SHARED) || changes.length === 0;
    yield { path, owners: others, changes: changes.length > 0 ? changes : ['was written anew'], isMild };
  }
}

function isOtherContent(old: SystemFile, file: SystemFile): boolean {
  return old.type !== file.type || old.target !== file.target || (file.type === 'file' && old.size !== file.size);
}

/** update-alternatives(1) lets a link that a package owns lead to its own register. */
function isAlternative(old: SystemFile, file: SystemFile): boolean {
  return [old, file].some(({ target }) => target?.startsWith('/etc/alternatives/'));
}

function* differences(old: SystemFile, file: SystemFile): Generator<string> {
  if (old.type !== file.type) {
    yield `was a ${old.type}, is a ${file.type}`;
    return;
  }
  if (old.target !== file.target) yield `led to ${old.target}, leads to ${file.target}`;
  if (old.type === 'file' && old.size !== file.size) yield `had ${old.size} bytes, has ${file.size}`;
  if (old.type !== 'symlink' && old.mode !== file.mode) yield `had mode ${octal(old.mode)}, has ${octal(file.mode)}`;
  if (old.uid !== file.uid) yield `belonged to user ${old.uid}, belongs to ${file.uid}`;
  if (old.gid !== file.gid) yield `belonged to group ${old.gid}, belongs to ${file.gid}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
