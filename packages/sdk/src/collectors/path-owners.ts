import { posix } from 'node:path';
import { type Diversion, isChanged, type SystemFile } from '../contracts/snapshot.ts';

type Files = ReadonlyMap<string, SystemFile>;

/** Paths that appeared, vanished or changed. */
export function* differentPaths(before: Files, now: Files): Generator<string> {
  for (const [path, file] of now) {
    const old = before.get(path);
    if (!old || isChanged(old, file)) yield path;
  }
  for (const path of before.keys()) if (!now.has(path)) yield path;
}

/** Links to each directory: packages may list files by another name of their directory, `/bin/sh` for `/usr/bin/sh`. */
function linksTo(files: Files): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const [path, { target }] of files) {
    if (target === undefined) continue;
    const end = posix.resolve(posix.dirname(path), target);
    if (files.get(end)?.type !== 'directory') continue;
    const others = links.get(end);
    if (others) others.push(path);
    else links.set(end, [path]);
  }
  return links;
}

/** Finds the owners of some paths in a listing of all files of all packages. */
export class OwnerSearch {
  /** Path by the name that a listing may have for it. */
  readonly #wanted = new Map<string, string>();
  /** By the name that a listing has: who takes its place, and where the file of all others is. */
  readonly #moved = new Map<string, { readonly by: string; readonly place: string | undefined }>();
  readonly #owners = new Map<string, string[]>();

  constructor(paths: Iterable<string>, files: Files, diversions: readonly Diversion[]) {
    const links = linksTo(files);
    for (const path of paths) {
      this.#wanted.set(path, path);
      for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
        for (const link of links.get(path.slice(0, at)) ?? []) this.#wanted.set(link + path.slice(at), path);
      }
    }
    for (const { path, to, by } of diversions) this.#moved.set(path, { by, place: this.#wanted.get(to) });
  }

  /** One line of the listing. */
  add(path: string, owner: string): void {
    const moved = this.#moved.get(path);
    const place = moved && moved.by !== owner ? moved.place : this.#wanted.get(path);
    if (place === undefined) return;
    const owners = this.#owners.get(place);
    if (!owners) this.#owners.set(place, [owner]);
    else if (!owners.includes(owner)) owners.push(owner);
  }

  get owners(): ReadonlyMap<string, readonly string[]> {
    return this.#owners;
  }
}
