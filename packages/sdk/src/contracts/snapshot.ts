/** One path of a system: the path itself, not what it leads to. */
export interface SystemFile {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits, setuid, setgid and sticky: `0o4755`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** Last change of its content: milliseconds since 1970, with fractions. */
  readonly modifiedAt: number;
  /** Of a symbolic link, as written in it. */
  readonly target?: string;
}

/** A name of which one of several programs is chosen: update-alternatives(1). */
export interface Alternative {
  /** Where the chosen one is found: `/usr/bin/awk`. */
  readonly link: string;
  /** What may be chosen: `/usr/bin/mawk`. */
  readonly candidates: readonly string[];
}

/** A file that is moved aside for another package's: dpkg-divert(1). */
export interface Diversion {
  readonly path: string;
  readonly to: string;
  /** The package whose file takes its place; `:` stands for the administrator. */
  readonly by: string;
}

/** Owner and mode that dpkg gives a file instead of those in its package: dpkg-statoverride(1). */
export interface StatOverride {
  readonly path: string;
  readonly user: string;
  readonly group: string;
  readonly mode: number;
}

/** A process that runs, neither the kernel's own nor ALTS's. */
export interface SystemProcess {
  readonly pid: number;
  /** Clock ticks since the system started, proc(5): with the pid, the name of one process and no other. */
  readonly startedAt: number;
  readonly uid: number;
  /** The program, absolute; empty when it is hidden. */
  readonly executable: string;
  /** The program's file is gone from the disk while it runs. */
  readonly deleted: boolean;
  /** Program and arguments as one line, cut after 4096 bytes. */
  readonly command: string;
}

/** What there is on a system at one moment, without what the package manager and ALTS keep for themselves. */
export interface SystemSnapshot {
  /** By absolute path, as the file system has it: on a merged system `/usr/bin/sh`, never `/bin/sh`. */
  readonly files: ReadonlyMap<string, SystemFile>;
  /** By name: version and architecture of what is installed of it, `1.0-1 amd64, 1.0-1 i386`. */
  readonly packages: ReadonlyMap<string, string>;
  /** Numeric id by name. */
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
  /** By name: `awk`. */
  readonly alternatives: ReadonlyMap<string, Alternative>;
  readonly diversions: readonly Diversion[];
  readonly statOverrides: readonly StatOverride[];
  readonly processes: readonly SystemProcess[];
}

/** A later snapshot, and who owns what is different in it. */
export interface LaterSnapshot extends SystemSnapshot {
  /**
   * Names of the packages that own a path, for each path that appeared, vanished or changed since `system.before`; one
   * that is not in it is owned by no package. A package that was removed still owns its configuration files.
   */
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** Is it another file than before? Of a directory, what lies in it does not count. */
export function isChanged(before: SystemFile, now: SystemFile): boolean {
  if (before.type !== now.type || before.mode !== now.mode) return true;
  if (before.uid !== now.uid || before.gid !== now.gid || before.target !== now.target) return true;
  return now.type !== 'directory' && (before.size !== now.size || before.modifiedAt !== now.modifiedAt);
}
