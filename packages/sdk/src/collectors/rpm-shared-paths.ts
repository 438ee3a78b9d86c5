import type { Collector, SharedPath, SharedPaths } from '../contracts/facts.ts';
import type { LaterSnapshot } from '../contracts/snapshot.ts';
import { mergedNames } from './merged-names.ts';
import { readOutput } from './read-output.ts';
import { labelOf } from './rpm-query.ts';

/** A tab and the path last: any other field is without blanks. */
const FORMAT =
  '[%{=NAME}\\t%{FILEFLAGS}\\t%{FILECOLORS}\\t%{FILEMODES}\\t%{FILEDIGESTS}\\t%{FILELINKTOS}\\t%{FILENAMES}\\n]';
/** Positional: the package, a format, then names of all packages that share a path with it. */
const SCRIPT = `rpm -q --qf '[%{OBSOLETENAME}\\n]' -- "$1" 2>/dev/null
printf '\\0'
format=$2; shift 2
rpm -q --qf "$format" -- "$@" 2>/dev/null; :`;

type Needs = 'package.installed' | 'package.files' | 'system.before' | 'system.now';

/**
 * Finds paths that others own, too, among those that are known to be new or changed; rpm is asked only when there are
 * some, or when a package is gone. There are no diversions: rpm has none.
 */
export const rpmSharedPaths: Collector<'package.shared-paths', Needs> = {
  fact: 'package.shared-paths',
  needs: ['package.installed', 'package.files', 'system.before', 'system.now'],
  async collect(environment, facts, _context, { signal }) {
    const installed = facts['package.installed'];
    const paths = facts['package.files'].filter(({ type }) => type !== 'directory').map(({ path }) => path);
    const shared = sharedPaths(installed.name, paths, facts['system.now']);
    const { packages } = facts['system.now'];
    const isGone = [...facts['system.before'].packages.keys()].some((name) => !packages.has(name));
    if (shared.length === 0 && !isGone) return { shared, diversions: [], replaces: [] };
    const names = [...new Set([installed.name, ...shared.flatMap(({ owners }) => owners)])];
    const what = `the other owners of the files of ${installed.name}`;
    const text = await readOutput(environment, SCRIPT, [labelOf(installed), FORMAT, ...names], { what, signal });
    return parseShared(installed.name, shared, text);
  },
};

/** Whatever the package brought is new or changed, unless it is the same file as that of the other package. */
function sharedPaths(name: string, paths: readonly string[], { owners }: LaterSnapshot): SharedPath[] {
  return paths.flatMap((path) => {
    const all = mergedNames(path).flatMap((each) => owners.get(each) ?? []);
    const others = new Set(all.filter((owner) => owner !== name));
    return others.size > 0 ? [{ path, owners: [...others].sort() }] : [];
  });
}

/** What decides whether rpm allows two packages to own one path. */
interface Claim {
  readonly owner: string;
  readonly ghost: boolean;
  /** Of ELF files: 1 for 32 bit, 2 for 64 bit; 0: neither. */
  readonly color: number;
  /** Mode, digest and link target. */
  readonly content: string;
}

/** RPMFILE_GHOST of rpmfi.h. */
const GHOST = 1 << 6;

/** Reads two parts, ended by NUL: what the package obsoletes, all files of all packages that share some. */
export function parseShared(name: string, candidates: readonly SharedPath[], text: string): SharedPaths {
  const [obsoletes = '', listing = ''] = text.split('\0');
  const claims = parseClaims(listing, candidates);
  const shared = candidates.flatMap(({ path, owners }) => {
    const all = mergedNames(path).flatMap((each) => claims.get(each) ?? []);
    const own = all.filter(({ owner }) => owner === name);
    const others = owners.filter((each) =>
      all.some((claim) => claim.owner === each && own.some((mine) => isConflict(mine, claim))),
    );
    return others.length > 0 ? [{ path, owners: others }] : [];
  });
  const replaces = [...new Set(obsoletes.split('\n').filter(Boolean))];
  return { shared, diversions: [], replaces };
}

/** As rpm decides itself: the same file may be shared, a %ghost is nobody's content, of a library both widths may be there. */
function isConflict(mine: Claim, other: Claim): boolean {
  if (mine.ghost || other.ghost || mine.content === other.content) return false;
  return mine.color === 0 || other.color === 0 || mine.color === other.color;
}

function parseClaims(listing: string, candidates: readonly SharedPath[]): Map<string, Claim[]> {
  const wanted = new Set(candidates.flatMap(({ path }) => mergedNames(path)));
  const claims = new Map<string, Claim[]>();
  for (const line of listing.split('\n')) {
    const [, owner = '', flags, color, mode, digest, target, path = ''] =
      /^(\S+)\t(\d+)\t(\d+)\t(\d+)\t(\S*)\t(.*?)\t(\/.*)$/.exec(line) ?? [];
    if (!wanted.has(path)) continue;
    const claim = {
      owner,
      ghost: (Number(flags) & GHOST) !== 0,
      color: Number(color),
      content: `${mode} ${digest} ${target}`,
    };
    claims.set(path, [...(claims.get(path) ?? []), claim]);
  }
  return claims;
}
