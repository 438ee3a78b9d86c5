import type { LibraryElsewhere } from '../contracts/elf.ts';
import { collectOutput, namesOf } from './elf/probe-files.ts';
import type { LibraryOwners } from './elf-libraries.ts';
import { mergedNames } from './merged-names.ts';

/** dpkg-query(1) ends with 1 when it knows not all of them, which is no fault. */
const SEARCH = `xargs -0 -r dpkg-query --search -- 2>/dev/null; :`;
const MAX_NAMES = 1000;

/** Asks dpkg who owns libraries. */
export const debLibraryOwners: LibraryOwners = {
  async ownersOf(environment, paths, { signal }) {
    const patterns = new Set(paths.flatMap(mergedNames).map(escapePattern));
    const output = await collectOutput(environment, ['sh', '-c', SEARCH], namesOf(patterns), signal);
    const found = parseSearch(output.toString());
    const owners = new Map<string, string[]>();
    for (const path of paths) {
      const names = mergedNames(path).flatMap((name) => found.get(name) ?? []);
      if (names.length > 0) owners.set(path, [...new Set(names)]);
    }
    return owners;
  },
  async findByName(environment, names, { signal }) {
    const patterns = names.slice(0, MAX_NAMES).map((name) => `*/${escapePattern(name)}`);
    const output = await collectOutput(environment, ['sh', '-c', SEARCH], namesOf(patterns), signal);
    return elsewhere(names, parseSearch(output.toString()));
  },
};

/** Files found, by the name that was looked for. */
function elsewhere(names: readonly string[], found: ReadonlyMap<string, readonly string[]>): LibraryElsewhere[] {
  const wanted = new Set(names);
  return [...found].flatMap(([path, owners]) => {
    const needed = path.slice(path.lastIndexOf('/') + 1);
    return wanted.has(needed) ? owners.map((owner) => ({ needed, path, owner })) : [];
  });
}

function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&');
}

/** Reads `dpkg-query --search`: `libc6:amd64, libc6:i386: /path`; lines on diversions are none of ours. */
export function parseSearch(text: string): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, names, path] = /^([a-z0-9][^\s,]*(?:, [a-z0-9][^\s,]*)*): (\/.*)$/.exec(line) ?? [];
    if (names === undefined || path === undefined) continue;
    owners.set(path, [...new Set(names.split(', ').map((name) => name.replace(/:.*/, '')))]);
  }
  return owners;
}
