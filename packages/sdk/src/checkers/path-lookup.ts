import { posix } from 'node:path';
import type { SystemFile } from '../contracts/snapshot.ts';

type Files = ReadonlyMap<string, SystemFile>;

/** As path_resolution(7): more is a loop. */
const MAX_LINKS = 40;
/** An empty part, `.` or `..`, or a slash at the end. */
const NOT_NORMAL = /\/\.{0,2}(\/|$)/;

/**
 * Follows all links of a path through the files of a snapshot.
 * @returns the path at the end of them, or undefined when nothing is there
 */
export function resolvePath(path: string, files: Files): string | undefined {
  const { end, missing } = walk(path, files);
  return missing ? undefined : end;
}

/**
 * Where a path is, or would be, by the file system's own names of its directories: `/usr/bin/x` for `/bin/x` on a merged
 * system. A link at its end is not followed.
 */
export function placeOf(path: string, files: Files): string {
  const normal = posix.normalize(path);
  if (normal === '/') return normal;
  return posix.join(walk(posix.dirname(normal), files).end, posix.basename(normal));
}

/** {@link placeOf} for many paths: each directory is looked up once, and what is in its place stays the same string. */
export function placesIn(files: Files): (path: string) => string {
  const places = new Map<string, string>();
  return (path) => {
    if (NOT_NORMAL.test(path)) return placeOf(path, files);
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    let place = places.get(directory);
    if (place === undefined) {
      place = posix.dirname(placeOf(path, files)).replace(/^\/$/, '');
      places.set(directory, place);
    }
    return place === directory ? path : place + path.slice(slash);
  };
}

/** Goes as far as there are files, and then on by name. */
function walk(path: string, files: Files): { end: string; missing: boolean } {
  const partsOf = (text: string) => text.split('/').filter((part) => part !== '' && part !== '.');
  const rest = partsOf(path).reverse();
  let at = '';
  let links = 0;
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    const here = name === '..' ? posix.dirname(at || '/').replace(/^\/$/, '') : `${at}/${name}`;
    const file = files.get(here);
    if (name !== '..' && !file) return { end: posix.join(here, ...rest.reverse()), missing: true };
    if (name === '..' || file?.target === undefined) {
      at = here;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return { end: path, missing: true };
    if (file.target.startsWith('/')) at = '';
    rest.push(...partsOf(file.target).reverse());
  }
  return { end: at || '/', missing: false };
}

/** Is it one of these directories, or in one of them? */
export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`));
}
