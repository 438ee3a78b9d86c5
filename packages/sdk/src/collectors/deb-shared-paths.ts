import type { Collector, SharedPaths } from '../contracts/facts.ts';
import type { Diversion } from '../contracts/snapshot.ts';
import { LIST_FILES, listingArguments } from './dpkg-listing.ts';
import { readOutput } from './read-output.ts';

/**
 * On a system with merged /usr dpkg takes /bin/x and /usr/bin/x for two files: each is asked for by both names.
 * dpkg-query -S takes its arguments for patterns, so what is special in them is escaped; it reads its whole database
 * each time, so it is called with as many paths as it can take.
 */
const SCRIPT = `${LIST_FILES}
if [ -L /bin ]; then alias='p
s,^/usr/(s?bin|lib|lib32|lib64|libx32|libo32)/,/\\1/,
t
s,^/(s?bin|lib|lib32|lib64|libx32|libo32)/,/usr/\\1/,
t
d'; else alias=''; fi
printf %s "\${alias:+merged}" | part
dpkg-query -W -f '\${Replaces}\\n' "$package" 2>/dev/null | part
dpkg-divert --list 2>/dev/null | part
printf '%s\\n' "$list" | sed -n '/^\\//p' | tr '\\n' '\\0' |
  xargs -0 -r sh -c 'find "$@" -maxdepth 0 ! -xtype d -print0 2>/dev/null; :' sh |
  sed -z -E 's/[][*?\\\\]/\\\\&/g' | sed -z -E "$alias" |
  xargs -0 -r -s 1000000 sh -c 'dpkg-query -S -- "$@" 2>/dev/null; :' sh`;

/** Asks dpkg who else owns the package's files, and what the package diverts. */
export const debSharedPaths: Collector<'package.shared-paths'> = {
  fact: 'package.shared-paths',
  needs: [],
  async collect(environment, _facts, { package: { name, expectedArchitecture } }, { signal }) {
    const argv = listingArguments(name, expectedArchitecture);
    const what = `the other owners of the files of ${name}`;
    return parseSharedPaths(name, await readOutput(environment, SCRIPT, argv, { what, signal }));
  },
};

/** Reads four parts, ended by NUL: `merged` or nothing, the field Replaces, all diversions, what -S found. */
export function parseSharedPaths(name: string, text: string): SharedPaths {
  const [merged = '', replaces = '', diversions = '', owners = ''] = text.split('\0');
  const all = [...parseDiversions(diversions)];
  const diverted = new Set(all.map(({ path }) => path));
  const shared = [...findShared(name, owners, merged !== '')].filter(({ path }) => !diverted.has(path));
  return {
    shared,
    diversions: all.filter(({ by }) => by === name),
    replaces: [...new Set(replaces.split(/[,\n]/).map((each) => each.trim().replace(/[ (:].*$/, '')))].filter(Boolean),
  };
}

/** `diversion of <path> to <path> by <package>`, and `local diversion of …`, which nobody made. */
function* parseDiversions(text: string): Generator<Diversion> {
  for (const line of text.split('\n')) {
    const [, path, to, by] = /^(?:local )?diversion of (\/.*) to (\/.*?)(?: by (\S+))?$/.exec(line) ?? [];
    if (path !== undefined && to !== undefined) yield { path, to, by: by ?? ':' };
  }
}

/** `<package>[:<architecture>], …: <path>`; lines about diversions have spaces where names have none. */
function* findShared(name: string, text: string, isMerged: boolean) {
  const places = new Map<string, { own?: string; readonly others: Set<string> }>();
  for (const line of text.split('\n')) {
    const [, list = '', path] = /^([^ /]+(?:, [^ /]+)*): (\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const key = isMerged ? path.replace(/^\/usr(?=\/(?:s?bin|lib(?:|32|64|x32|o32))\/)/, '') : path;
    const place = places.get(key) ?? { others: new Set() };
    places.set(key, place);
    for (const owner of list.split(', ').map((each) => each.replace(/:.*$/, ''))) {
      if (owner === name) place.own ??= path;
      else place.others.add(owner);
    }
  }
  for (const { own, others } of places.values()) {
    if (own !== undefined && others.size > 0) yield { path: own, owners: [...others].sort() };
  }
}
