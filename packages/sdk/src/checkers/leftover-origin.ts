import { posix } from 'node:path';
import type { InstalledPackage, OwnedFile } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemProcess, SystemSnapshot } from '../contracts/snapshot.ts';
import { placeOf, placesIn } from './path-lookup.ts';

/** Whose something is that nobody owns: of the package under test, of another that came with it, or nobody knows. */
export type Origin = 'package' | 'other' | 'unclear';

/** What `leftovers` judges by. */
export interface Remains {
  readonly 'package.installed': InstalledPackage;
  readonly 'package.files': readonly OwnedFile[];
  readonly 'system.before': SystemSnapshot;
  readonly 'system.now': LaterSnapshot;
}

/** Processes that run now and did not run before. */
export function newProcesses({ 'system.before': before, 'system.now': now }: Remains): SystemProcess[] {
  const known = new Set(before.processes.map(({ pid, startedAt }) => `${pid} ${startedAt}`));
  return now.processes.filter(({ pid, startedAt }) => !known.has(`${pid} ${startedAt}`));
}

/** Tells who made what no package owns. A wrong accusation is worse than none: without evidence it says `unclear`. */
export class OriginOf {
  readonly #name: string;
  readonly #before: SystemSnapshot;
  readonly #now: LaterSnapshot;
  readonly #files: readonly OwnedFile[];
  #own: ReadonlySet<string> | undefined;
  /** What came, or was upgraded, with it: scripts of these ran as well. */
  readonly #companions: readonly string[];

  constructor({ 'package.files': files, 'system.before': before, 'system.now': now }: Remains, name: string) {
    this.#name = name;
    this.#before = before;
    this.#now = now;
    this.#files = files;
    this.#companions = [...now.packages].flatMap(([other, version]) =>
      other === name || before.packages.get(other) === version ? [] : [other],
    );
  }

  get #alone(): boolean {
    return this.#companions.length === 0;
  }

  /** What is called like the package is the package's, unless others are called like it too: nginx, nginx-common. */
  #bears(name: string): boolean {
    return name === this.#name && !this.#companions.some((companion) => companion.includes(name));
  }

  /** What is only known by its name: a user, a group. */
  named(name: string): Origin {
    if (this.#alone || this.#bears(name.replace(/^_/, ''))) return 'package';
    return 'unclear';
  }

  /** A path that was not there before and that no package owns. */
  path(path: string): Origin {
    const target = this.#now.files.get(path)?.target;
    if (target !== undefined) {
      const end = placeOf(posix.resolve(posix.dirname(path), target), this.#now.files);
      if (this.owned(end)) return 'package';
      if (this.#othersOf(end).length > 0) return 'other';
    }
    if (this.owned(path)) return 'package';
    for (let above = posix.dirname(path); above !== '/'; above = posix.dirname(above)) {
      if (this.#othersOf(above).length > 0) return 'other';
      if (this.#before.files.has(above)) break;
      if (this.owned(above)) return 'package';
    }
    if (this.#alone || path.split('/').some((part) => this.#bears(part))) return 'package';
    return 'unclear';
  }

  /** Of a process that was not there before, by its program. */
  process(executable: string): Origin {
    if (this.owned(executable)) return 'package';
    // A program that came with the package, and stays: its service was started when it was installed.
    if (this.#othersOf(executable).length > 0) return 'other';
    return this.#alone ? 'package' : 'unclear';
  }

  /** The package had it, and no other package has it. */
  owned(path: string): boolean {
    return this.#ownPaths().has(path) && this.#othersOf(path).length === 0;
  }

  /** Paths that the package owned, each where it is. Most packages leave nothing, and nobody asks. */
  #ownPaths(): ReadonlySet<string> {
    if (!this.#own) {
      const placeOfOne = placesIn(this.#now.files);
      this.#own = new Set(this.#files.map(({ path }) => placeOfOne(path)));
    }
    return this.#own;
  }

  #othersOf(path: string): readonly string[] {
    return (this.#now.owners.get(path) ?? []).filter((owner) => owner !== this.#name);
  }
}
