import { posix } from 'node:path';
import type {
  CandidateLibrary,
  ElfDynamic,
  ElfFile,
  ElfMachine,
  ElfReading,
  LibraryElsewhere,
  LibrarySearch,
  LoaderView,
} from '../contracts/elf.ts';
import type { Abortable, Environment } from '../contracts/environment.ts';
import type { Collector } from '../contracts/facts.ts';
import { isElf } from './elf/elf-layout.ts';
import { type Places, placesFor } from './elf/loader-search.ts';
import { type ProbedFile, probeFiles } from './elf/probe-files.ts';
import { readElfFiles } from './elf/read-elf-files.ts';

/** What only the package manager knows. */
export interface LibraryOwners {
  /** Packages that own each of the paths; a path that nobody owns is left out. One round trip. */
  ownersOf(
    environment: Environment,
    paths: readonly string[],
    options: Abortable,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Files of such names, wherever packages have them. One round trip. */
  findByName(
    environment: Environment,
    names: readonly string[],
    options: Abortable,
  ): Promise<readonly LibraryElsewhere[]>;
}

/** A package of ten thousand plug-ins does not come near. */
const MAX_PLACES = 200_000;
/** What every system has, and is made for its processor. */
const NATIVE_PROGRAM = '/bin/sh';

/** Looks, for each library that the package's ELF files need, where the dynamic loader would. */
export function elfLibraries(owners: LibraryOwners): Collector<'elf.libraries', 'elf.dynamic' | 'loader.view'> {
  return {
    fact: 'elf.libraries',
    needs: ['elf.dynamic', 'loader.view'],
    async collect(environment, { 'elf.dynamic': files, 'loader.view': view }, _context, options) {
      const dynamic = files.flatMap((file) => (file.elf ? [{ ...file, elf: file.elf }] : []));
      if (dynamic.length === 0) return NOTHING;
      const { wanted, unsearched } = wantedPlaces(dynamic, view);
      const paths = new Set([
        NATIVE_PROGRAM,
        ...wanted.flatMap(({ places }) => [...places.places, ...places.uncached]),
      ]);
      for (const { elf } of dynamic) if (elf.interpreter?.startsWith('/')) paths.add(elf.interpreter);
      const probed = new Map((await probeFiles(environment, [...paths], options)).map((file) => [file.path, file]));
      const found = [...probed.values()];
      const [readings, owned] = await Promise.all([
        readLibraries(environment, found, files, options),
        owners.ownersOf(environment, [...new Set(found.flatMap(({ path, realPath }) => [path, realPath]))], options),
      ]);
      const machine = readings.get(probed.get(NATIVE_PROGRAM)?.identity ?? '')?.elf;
      const searches = wanted.map(({ file, needed, places }) => seen(file, needed, places, probed));
      const libraries = found.map((file) => describe(file, readings, owned));
      const missing = namesWithout(searches, dynamic, libraries);
      const elsewhere = missing.length > 0 ? await owners.findByName(environment, missing, options) : [];
      return { machine: machine ? machineOf(machine) : null, searches, libraries, elsewhere, unsearched };
    },
  };
}

const NOTHING = { machine: null, searches: [], libraries: [], elsewhere: [], unsearched: [] };

type Readable = ElfFile & { readonly elf: ElfDynamic };

interface Wanted {
  readonly file: string;
  readonly needed: string;
  readonly places: Places;
}

function wantedPlaces(files: readonly Readable[], view: LoaderView): { wanted: Wanted[]; unsearched: string[] } {
  const wanted: Wanted[] = [];
  const unsearched: string[] = [];
  let count = 0;
  for (const { path, realPath, elf } of files) {
    if (count > MAX_PLACES) {
      unsearched.push(path);
      continue;
    }
    for (const needed of new Set(elf.needed)) {
      const places = placesFor(needed, elf, posix.dirname(realPath), view);
      count += places.places.length + places.uncached.length;
      if (count > MAX_PLACES) {
        unsearched.push(path);
        break;
      }
      wanted.push({ file: path, needed, places });
    }
  }
  return { wanted, unsearched };
}

function seen(file: string, needed: string, places: Places, probed: ReadonlyMap<string, ProbedFile>): LibrarySearch {
  const there = (path: string) => probed.has(path);
  return { file, needed, candidates: places.places.filter(there), uncached: places.uncached.filter(there) };
}

/** By identity. The package's own files were read before. */
async function readLibraries(
  environment: Environment,
  probed: readonly ProbedFile[],
  own: readonly ElfFile[],
  options: Abortable,
): Promise<Map<string, ElfReading>> {
  const known = new Map(own.map((file) => [file.realPath, file]));
  const unknown = probed.filter(({ realPath, head }) => isElf(head) && !known.has(realPath));
  const readings = await readElfFiles(environment, unknown, options);
  for (const { identity, realPath, head } of probed) {
    const file = known.get(realPath);
    if (file) readings.set(identity, file.elf ? { elf: file.elf } : { problem: file.problem });
    else if (!isElf(head)) readings.set(identity, { problem: 'it is not an ELF file' });
  }
  return readings;
}

function describe(
  { path, realPath, identity }: ProbedFile,
  readings: ReadonlyMap<string, ElfReading>,
  owned: ReadonlyMap<string, readonly string[]>,
): CandidateLibrary {
  return {
    path,
    realPath,
    // The file itself counts; the link that leads to it may be another package's, such as a -dev package's.
    owners: owned.get(realPath) ?? owned.get(path) ?? [],
    ...(readings.get(identity) ?? { problem: 'it went away' }),
  };
}

function namesWithout(
  searches: readonly LibrarySearch[],
  files: readonly Readable[],
  libraries: readonly CandidateLibrary[],
): string[] {
  const machines = new Map(files.map(({ path, elf }) => [path, elf]));
  const found = new Map(libraries.map(({ path, elf }) => [path, elf]));
  const isFound = ({ file, candidates }: LibrarySearch) =>
    candidates.some((path) => found.get(path)?.machine === machines.get(file)?.machine);
  const names = searches.flatMap((search) => (isFound(search) ? [] : [posix.basename(search.needed)]));
  return [...new Set(names)].filter((name) => name !== '');
}

function machineOf({ bits, byteOrder, machine }: ElfMachine): ElfMachine {
  return { bits, byteOrder, machine };
}
