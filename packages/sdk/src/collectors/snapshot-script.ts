/** Begins the record that names a section; no file, user or listing does. */
export const SECTION = '\x1e';

/** What each family adds: its own bookkeeping is not part of the system that is compared. */
export interface SnapshotFamily {
  /** Patterns of find(1) -path for what the package manager keeps for itself. */
  readonly ownPaths: readonly string[];
  /**
   * Prints the sections `packages` (lines of name, tab, version and architecture), `alternatives`, `diversions`,
   * `overrides`, as far as the family has them; each is one record.
   */
  readonly registers: string;
  /** Prints a line for each file of each package, below a line that names the package. */
  readonly listing: string;
  /** The package that such a line names; undefined for any other line. */
  readonly packageOf: (line: string) => string | undefined;
}

/** Not on the disk. */
const KERNEL = ['/proc', '/sys', '/dev'];
/** What ALTS brings into an environment. */
const ALTS = ['/var/cache/alts', '/etc/apt/alts-certificates.crt', '/etc/apt/apt.conf.d/99alts-certificates'];
/** What the engine of a container writes into it. */
const ENGINE = ['/.dockerenv', '/run/.containerenv'];

/**
 * One exec. Records end with NUL, so that any name survives; those of files are `type mode uid gid size mtime path`,
 * then the target. Also looks into /run, /var or /tmp where they are file systems of their own, but never over a network:
 * mount points with blanks in their names are escaped in proc(5), and left out. What comes from the disk is data, never
 * script; processes that end meanwhile are no error.
 */
const FILES = `export LC_ALL=C
section() { printf '\\036%s\\0' "$1"; }
section files
set -f
find / $(awk '$2 !~ /^\\/(proc|sys|dev)?(\\/|$)|\\\\/ && $3 ~ /^(ext[234]|xfs|btrfs|f2fs|jfs|zfs|overlay|tmpfs|vfat)$/ { print $2 }' /proc/self/mounts) \
  -xdev '(' "$@" ')' -prune -o -printf '%y %m %U %G %s %T@ %p\\0%l\\0'
set +f
section users; tr -d '\\000' < /etc/passwd; printf '\\0'
section groups; tr -d '\\000' < /etc/group; printf '\\0'
`;

const PROCESSES = `section self; printf '%s\\0' "$$"
section programs; find /proc/[0-9]*/exe -maxdepth 0 -printf '%h %U %l\\0'
section stats; cat /proc/[0-9]*/stat | tr -d '\\000'; printf '\\0'
section commands; head -v -c 4096 /proc/[0-9]*/cmdline | tr '\\000' ' '; printf '\\0'
`;

/** The arguments of find(1) that come as positional parameters. */
export function pruned({ ownPaths }: SnapshotFamily): string[] {
  return [...KERNEL, ...ALTS, ...ENGINE, ...ownPaths].flatMap((path, index) => [
    ...(index > 0 ? ['-o'] : []),
    '-path',
    path,
  ]);
}

/** The whole script; `listing` where owners are asked for. */
export function snapshotScript(family: SnapshotFamily, listing: boolean): string {
  // Lines become records here: names with newlines in them are in no listing.
  const list = listing ? `section listing; { ${family.listing}\n} | tr '\\n' '\\0'\n` : '';
  return `{ ${FILES}${family.registers}${PROCESSES}${list}section end\n} 2>/dev/null`;
}
