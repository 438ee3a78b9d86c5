import type { DeclaredDependencies, ElfFile, LibrarySearches, LoaderView } from './elf.ts';
import type { Abortable, Environment } from './environment.ts';
import type { Phase } from './phases.ts';
import type { Allow } from './request.ts';
import type { Diversion, LaterSnapshot, SystemSnapshot } from './snapshot.ts';

/** What the package manager says of the package under test. */
export interface InstalledPackage {
  readonly name: string;
  /** Null: not installed, or not known at all. */
  readonly version: string | null;
  /** Other ways to ask for it: of an rpm without its epoch, which people leave out, or with an epoch of 0. */
  readonly versionSynonyms?: readonly string[];
  readonly architecture: string | null;
  /** The package manager's own word: `install ok installed` of dpkg-query(1). */
  readonly status: string;
  /** Really installed and configured. */
  readonly installed: boolean;
  /** The system does not work without it, so it cannot be removed: Debian Policy 3.8, dnf's protected_packages. */
  readonly essential: boolean;
}

/** A script of a package that failed although the package manager went on: to rpm only `%pre` and `%preun` end a transaction. */
export interface ScriptletFailure {
  /** `%post`, `%postun`, … */
  readonly script: string;
  /** The package that it belongs to, as the package manager calls it: `nginx-1.20.1-1.el9.x86_64`. */
  readonly owner: string;
  /** `exit status 1`, `signal 9`. */
  readonly how: string;
}

/** What the package manager has on record of a file; what it does not record is absent. */
export interface RecordedFile {
  readonly type?: OwnedFile['type'];
  /** Permission bits, setuid, setgid and sticky: `0o4755`. */
  readonly mode?: number;
  readonly user?: string;
  readonly group?: string;
  /** Bytes. */
  readonly size?: number;
  /** Of a symbolic link. */
  readonly target?: string;
  readonly digest?: { readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'; readonly hex: string };
  /** As getcap(8) prints them: `cap_net_raw=ep`. */
  readonly capabilities?: string;
  /** The administrator may change it: conffile of dpkg, %config of rpm. */
  readonly config?: boolean;
  /** Need not be there: %ghost, %config(missingok). */
  readonly optional?: boolean;
  readonly documentation?: boolean;
  /** What the package says must not be compared: %verify(not …) of rpm. */
  readonly unverified?: readonly ('digest' | 'size' | 'mode' | 'user' | 'group' | 'target' | 'capabilities')[];
}

/** One file that the package owns, as it is in the environment. */
export interface OwnedFile {
  readonly path: string;
  /** `missing`: the package manager lists it and it is not there. */
  readonly type: 'file' | 'directory' | 'symlink' | 'other' | 'missing';
  /** Of a symbolic link, as written in it. */
  readonly target?: string;
  /** Of a symbolic link: what is at its end. */
  readonly resolves?: 'yes' | 'no' | 'loop';
  /** Permission bits, setuid, setgid and sticky. Absent, as what follows, when it is missing. */
  readonly mode?: number;
  readonly user?: string;
  readonly group?: string;
  /** Bytes. */
  readonly size?: number;
  /** Of a regular file's content, by the algorithm of {@link RecordedFile.digest}; lower-case hexadecimal. */
  readonly digest?: string;
  readonly capabilities?: string;
  readonly recorded?: RecordedFile;
}

/** A file of the package that the service manager reads, with its content. */
export interface ServiceFile {
  readonly path: string;
  /** `unit`: systemd.unit(5), drop-ins as well; `users`: sysusers.d(5). */
  readonly kind: 'unit' | 'users';
  readonly text: string;
}

/** A path that is no directory and that other packages own, too, under this name or by a directory that is a link. */
export interface SharedPath {
  readonly path: string;
  /** The other packages. */
  readonly owners: readonly string[];
}

export interface SharedPaths {
  readonly shared: readonly SharedPath[];
  /** Made by the package. */
  readonly diversions: readonly Diversion[];
  /** Names of packages whose files it says it takes over: Replaces of deb, Obsoletes of rpm. */
  readonly replaces: readonly string[];
}

/** A package in the system that lacks what it depends on, or that is not completely installed. */
export interface BrokenPackage {
  /** Empty when the package manager does not say which. */
  readonly name: string;
  /** In the package manager's own words. */
  readonly problem: string;
}

/** A configuration file that a person had changed before an upgrade, and what became of it. */
export interface ChangedConfiguration {
  readonly path: string;
  /** The file as the person left it, where it is now: itself, one that took its name, or one beside it; undefined: nowhere. */
  readonly keptAs?: string | undefined;
  /** Something is at the path: the person's file or another one. */
  readonly present: boolean;
}

/** Facts about an installed package, by name; plugins add theirs by declaration merging. */
export interface Facts {
  'package.installed': InstalledPackage;
  'package.files': readonly OwnedFile[];
  'package.services': readonly ServiceFile[];
  /** The system when the repositories are in place and the package is not. */
  'system.before': SystemSnapshot;
  /** The system in the phase that is judged. */
  'system.now': LaterSnapshot;
  'package.shared-paths': SharedPaths;
  /** In the phase that is judged. */
  'system.dependencies': readonly BrokenPackage[];
  /** Programs and shared objects among them; kernel modules, objects and separate debug information are left out. */
  'elf.dynamic': readonly ElfFile[];
  'loader.view': LoaderView;
  'elf.libraries': LibrarySearches;
  'package.dependencies': DeclaredDependencies;
  /** Of the last installation or removal. Not collected: the package manager says it while it is at work. */
  'package.scriptlets': readonly ScriptletFailure[];
  /** Of the last upgrade. Not collected: the changes have to be made before it. */
  'package.configuration': readonly ChangedConfiguration[];
}

/** What collectors and checkers may know of the test besides facts. */
export interface CheckContext {
  readonly phase: Phase;
  /** What the request lets the package manager do; left out: nothing. */
  readonly allow?: Allow | undefined;
  readonly package: {
    readonly name: string;
    /** The version that was asked for; undefined when any will do. */
    readonly expectedVersion?: string | undefined;
    /** The architecture of a package file, from its own metadata; undefined when it came by name. */
    readonly expectedArchitecture?: string | undefined;
    /** Repository, file or URL that it came from; null when nobody knows, undefined before it is installed. */
    readonly origin?: string | null | undefined;
    /** The repository that was asked for: the start of an origin; undefined when any will do. */
    readonly expectedOrigin?: string | undefined;
  };
}

/**
 * When a fact is gathered: `before`: once, when the repositories are in place and the package is not; `installed`: when
 * the package was installed, and kept through later phases, which ask what it was; `each-phase`: anew in each phase.
 */
export type Moment = 'before' | 'installed' | 'each-phase';

/** Gathers one fact in one round trip: the only part of a check that touches a system. Installs nothing. */
export interface Collector<Fact extends keyof Facts = keyof Facts, Needs extends keyof Facts = never> {
  readonly fact: Fact;
  readonly needs: readonly Needs[];
  /** Default `installed`. */
  readonly moment?: Moment | undefined;
  /** @throws {AltsError} when the environment cannot be asked; a package that is not there is a fact */
  collect(
    environment: Environment,
    facts: Pick<Facts, Needs>,
    context: CheckContext,
    options: Abortable,
  ): Promise<Facts[Fact]>;
}

/** Any collector, for lists of them. */
export type AnyCollector = Collector<keyof Facts, keyof Facts>;
