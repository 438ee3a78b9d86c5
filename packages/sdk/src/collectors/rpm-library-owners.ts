import { collectOutput, namesOf } from './elf/probe-files.ts';
import type { LibraryOwners } from './elf-libraries.ts';
import { mergedNames } from './merged-names.ts';

/**
 * For paths on standard input, NUL between them: the packages that own any of them, with all their files, for rpm(8)
 * does not say which path an answer is for. `file … is not owned by any package` has spaces, names of packages have none.
 */
export const OWNERS_SCRIPT = `xargs -0 -r rpm -qf --qf '%{NAME}\\n' -- 2>/dev/null | grep -v ' ' | sort -u |
  xargs -r rpm -q --qf '[%{=NAME}\\t%{FILENAMES}\\n]' -- 2>/dev/null; :`;

/** Names first, then an empty line, then all files of all packages: those of such a name are printed. */
const FIND_SCRIPT = `{ tr '\\0' '\\n'; echo; rpm -qa --qf '[%{=NAME}\\t%{FILENAMES}\\n]' 2>/dev/null; } |
  awk -F/ '!listed && $0 == "" { listed = 1; next } !listed { names[$0]; next } $NF in names'`;
const MAX_NAMES = 1000;

/** Asks rpm who owns libraries. */
export const rpmLibraryOwners: LibraryOwners = {
  async ownersOf(environment, paths, { signal }) {
    const output = await collectOutput(environment, ['sh', '-c', OWNERS_SCRIPT], namesOf(paths), signal);
    return ownersAmong(paths, output.toString());
  },
  async findByName(environment, names, { signal }) {
    const output = await collectOutput(
      environment,
      ['sh', '-c', FIND_SCRIPT],
      namesOf(names.slice(0, MAX_NAMES)),
      signal,
    );
    return [...parseOwned(output.toString())].flatMap(([path, owners]) =>
      owners.map((owner) => ({ needed: path.slice(path.lastIndexOf('/') + 1), path, owner })),
    );
  },
};

/** Which of the paths are among the files of packages. */
export function ownersAmong(paths: readonly string[], text: string): Map<string, string[]> {
  const owned = parseOwned(text);
  const owners = new Map<string, string[]>();
  for (const path of paths) {
    const names = mergedNames(path).flatMap((name) => owned.get(name) ?? []);
    if (names.length > 0) owners.set(path, [...new Set(names)]);
  }
  return owners;
}

/** Reads lines of a package's name, a tab and a path. */
function parseOwned(text: string): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, path] = /^([^\s/]+)\t(\/.*)$/.exec(line) ?? [];
    if (name === undefined || path === undefined) continue;
    const known = owners.get(path);
    if (!known) owners.set(path, [name]);
    else if (!known.includes(name)) known.push(name);
  }
  return owners;
}
