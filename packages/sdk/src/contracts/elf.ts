/** A symbol version that a file needs of a library: `GLIBC_2.34` of `libc.so.6`. */
export interface VersionNeed {
  /** The library's soname, as it stands in the list of needed libraries, too. */
  readonly library: string;
  readonly version: string;
  /** The loader only warns when it is not there. */
  readonly weak: boolean;
}

/** What tells one kind of machine code from another: the loader mixes none of them. */
export interface ElfMachine {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** `e_machine` of elf(5): 62 is x86-64. */
  readonly machine: number;
}

/** What an ELF file tells the dynamic loader, elf(5). */
export interface ElfDynamic extends ElfMachine {
  readonly type: 'executable' | 'shared' | 'other';
  /** It has a dynamic section; without one nothing below is there, but perhaps an interpreter. */
  readonly dynamic: boolean;
  /** The loader that the kernel starts for it. */
  readonly interpreter?: string;
  readonly soname?: string;
  /** Names of libraries, in the file's order. */
  readonly needed: readonly string[];
  /** As they stand in the file: directories with `:` between them. */
  readonly rpath?: string;
  readonly runpath?: string;
  /** DF_1_NODEFLIB: default directories are not searched. */
  readonly ignoresDefaultDirectories: boolean;
  /** DF_1_PIE: a program, though it is of type `shared`. */
  readonly positionIndependent: boolean;
  readonly versionNeeds: readonly VersionNeed[];
  /** Versions of symbols that it has for others. */
  readonly versionDefinitions: readonly string[];
}

/** What became of reading an ELF file: `problem` says in a few words what is wrong with it. */
export type ElfReading =
  | { readonly elf: ElfDynamic; readonly problem?: undefined }
  | { readonly problem: string; readonly elf?: undefined };

/** A program or shared object of the package under test. */
export type ElfFile = ElfReading & {
  readonly path: string;
  /** Without symbolic links. */
  readonly realPath: string;
};

/** A file that the loader may take for a needed library. */
export type CandidateLibrary = ElfReading & {
  /** As the loader comes to it. */
  readonly path: string;
  readonly realPath: string;
  /** Packages that own it; empty: nobody does. */
  readonly owners: readonly string[];
};

/** What the dynamic loader knows of the system. */
export interface LoaderView {
  /** Of ld.so.cache: where libraries are, by the name that programs need them by, in the loader's order. */
  readonly cache: Readonly<Record<string, readonly string[]>>;
  /** Directories of ld.so.conf: ldconfig searches them, the loader does not. */
  readonly configured: readonly string[];
}

/** Where the loader looks for one needed library of one file, ld.so(8): only what is there. */
export interface LibrarySearch {
  readonly file: string;
  readonly needed: string;
  /** In the loader's order. */
  readonly candidates: readonly string[];
  /** In directories of ld.so.conf, but not in the cache: the loader does not see them. */
  readonly uncached: readonly string[];
}

/** A needed library that no search finds, and files of that name elsewhere in the system. */
export interface LibraryElsewhere {
  readonly needed: string;
  readonly path: string;
  readonly owner: string;
}

/** All that is there of the libraries and interpreters that the package's ELF files need. */
export interface LibrarySearches {
  /** What the system's own programs are made for. */
  readonly machine: ElfMachine | null;
  readonly searches: readonly LibrarySearch[];
  /** Candidates and interpreters. */
  readonly libraries: readonly CandidateLibrary[];
  readonly elsewhere: readonly LibraryElsewhere[];
  /** Files that were left out, because the limit on places to look at was reached. */
  readonly unsearched: readonly string[];
}

/** Packages around the one under test, by name and without architecture. */
export interface DeclaredDependencies {
  /** Itself, what it depends on, what those depend on, and so on: of all alternatives those that are installed. */
  readonly reachable: readonly string[];
  /** What every system has: essential packages and all that they depend on. */
  readonly essential: readonly string[];
  /** Made from the same source in the same version. */
  readonly sameSource: readonly string[];
  /** Recommended or suggested, and not installed. */
  readonly optional: readonly string[];
}
