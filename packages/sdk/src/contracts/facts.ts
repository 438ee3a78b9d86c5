import type { Abortable, Environment } from './environment.ts';

/** What the package manager says of the package under test. */
export interface InstalledPackage {
  readonly name: string;
  /** Null: not installed, or not known at all. */
  readonly version: string | null;
  readonly architecture: string | null;
  /** The package manager's own word: `install ok installed` of dpkg-query(1). */
  readonly status: string;
  /** Really installed and configured. */
  readonly installed: boolean;
  /** The system does not work without it, so it cannot be removed: Debian Policy 3.8, dnf's protected_packages. */
  readonly essential: boolean;
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
}

/** Facts about an installed package, by name; plugins add theirs by declaration merging. */
export interface Facts {
  'package.installed': InstalledPackage;
  'package.files': readonly OwnedFile[];
}

/** What collectors and checkers may know of the test besides facts. */
export interface CheckContext {
  readonly package: {
    readonly name: string;
    /** The version that was asked for; undefined when any will do. */
    readonly expectedVersion?: string | undefined;
    /** The architecture of a package file, from its own metadata; undefined when it came by name. */
    readonly expectedArchitecture?: string | undefined;
  };
}

/** Gathers one fact in one round trip: the only part of a check that touches a system. Installs nothing. */
export interface Collector<Fact extends keyof Facts = keyof Facts, Needs extends keyof Facts = never> {
  readonly fact: Fact;
  readonly needs: readonly Needs[];
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
