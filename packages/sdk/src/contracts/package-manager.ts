import type { Argv, Bytes, Environment, ExecOptions, ExecResult } from './environment.ts';
import type { AnyCollector, InstalledPackage, ScriptletFailure } from './facts.ts';
import type { Failure, TestedPackage } from './report.ts';
import type { Allow, TestRequest } from './request.ts';
import type { Family } from './system.ts';

/** How a stage talks to its environment: every command and its output are in the stage's log and in the events. */
export interface Shell {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /**
   * Runs a command within what is left of the stage's time. `reading: true` also holds it to the shorter limit for
   * commands that only read, and keeps its output out of the events.
   */
  run(
    command: Argv,
    options?: Omit<ExecOptions, 'signal' | 'onOutput' | 'timeoutMs'> & { readonly reading?: boolean },
  ): Promise<ExecResult>;
  /** A line of ALTS's own in log and events. */
  note(line: string): void;
}

/** A package file that is not in a repository. */
export interface PackageFile {
  /** Its base name. */
  readonly fileName: string;
  readonly content: Bytes;
  /** For the report: path or URL, without user and password. */
  readonly origin: string;
}

/** What `install` is asked for. */
export interface InstallTarget {
  readonly name: string;
  readonly version?: string | undefined;
  /** Where `stage` put it in the environment. */
  readonly path?: string | undefined;
}

/** What a system says of itself, before the package is there. */
export interface SystemFacts {
  readonly name: string;
  readonly kernel: string;
  readonly architecture: string;
  /** `name version`, one for each package that was there before, sorted. */
  readonly packages: ReadonlyMap<string, string>;
}

/** How to install. */
export interface InstallOptions {
  readonly recommends: boolean;
  /** The package is there already. */
  readonly reinstall: boolean;
  /** A newer version is there, and the older one is to take its place. */
  readonly downgrade?: boolean | undefined;
  /** What the version depends on in exactly one version may be put in the place of a newer one, too. */
  readonly exactDependencies?: boolean | undefined;
  /** Left out: neither. */
  readonly allow?: Allow | undefined;
}

/** What the package manager said on the way, although it came to its end; nothing at all is the same as no scriptlets. */
export interface Done {
  readonly scriptlets: readonly ScriptletFailure[];
  /** What was removed along with the package because it depends on it. */
  readonly alsoRemoved?: readonly string[] | undefined;
}

/** A version of a package that repositories have. */
export interface AvailableVersion {
  readonly version: string;
  /** Who has it; empty: nobody, it was only to be put in its place among the others. */
  readonly places: readonly ('distribution' | 'request')[];
  /** What is installed when no version is asked for. */
  readonly candidate: boolean;
}

/**
 * One family's way to install, ask and remove. A fault of the package is returned as a {@link Failure};
 * a fault of the infrastructure is thrown as an `AltsError`. Which is which is decided by what the tools printed.
 */
export interface PackageManager {
  readonly family: Family;
  /** Puts the request's repositories in place and refreshes the package lists, where that is needed. */
  prepare(shell: Shell, request: TestRequest): Promise<Failure | undefined>;
  /** Brings a package file into the environment and reads its name, version and architecture. */
  stage(
    shell: Shell,
    file: PackageFile,
  ): Promise<Failure | { readonly target: InstallTarget; readonly architecture: string; readonly sha256: string }>;
  describeSystem(shell: Shell): Promise<SystemFacts>;
  install(shell: Shell, target: InstallTarget, options: InstallOptions): Promise<Failure | Done | undefined>;
  /**
   * Installs what meets the dependencies, where it is not met already; in the family's own syntax, one each.
   * @returns why they cannot be met
   */
  satisfy(shell: Shell, dependencies: readonly string[]): Promise<Failure | undefined>;
  /**
   * The versions that repositories have, the newest first by the package manager's own comparison.
   * @param also put in their places among them, whoever has them
   */
  versions(shell: Shell, name: string, also: readonly string[]): Promise<readonly AvailableVersion[]>;
  /** Paths of an installed package that an administrator may change: conffiles of dpkg, %config of rpm. */
  configurationFiles(shell: Shell, name: string): Promise<readonly string[]>;
  /** Version, architecture, origin and digest of what is installed now. */
  identify(shell: Shell, name: string): Promise<TestedPackage>;
  /** Removes the package, as a person would: nothing is forced. A reason when it has to stay. */
  remove(shell: Shell, target: InstalledPackage): Promise<Failure | { readonly kept: string } | Done | undefined>;
  /**
   * After {@link PackageManager.remove}: removes what it left for a later installation. `nothing`: there was nothing to
   * remove, and the system is as it was.
   */
  purge(shell: Shell, target: InstalledPackage): Promise<Failure | 'nothing' | undefined>;
  readonly collectors: readonly AnyCollector[];
}
