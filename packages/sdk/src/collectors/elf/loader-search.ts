import { posix } from 'node:path';
import type { ElfDynamic, ElfMachine, LoaderView } from '../../contracts/elf.ts';

/** Debian's names of architectures in paths, by `e_machine`, width and byte order. */
const MULTIARCH: Readonly<Record<string, readonly string[]>> = {
  '62/64/little': ['x86_64-linux-gnu'],
  '62/32/little': ['x86_64-linux-gnux32'],
  '3/32/little': ['i386-linux-gnu'],
  '183/64/little': ['aarch64-linux-gnu'],
  '40/32/little': ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
  '21/64/little': ['powerpc64le-linux-gnu'],
  '21/64/big': ['powerpc64-linux-gnu'],
  '22/64/big': ['s390x-linux-gnu'],
  '243/64/little': ['riscv64-linux-gnu'],
  '258/64/little': ['loongarch64-linux-gnu'],
  '8/64/little': ['mips64el-linux-gnuabi64'],
  '8/32/little': ['mipsel-linux-gnu'],
};

/** What $PLATFORM may stand for, by `e_machine`. */
const PLATFORMS: Readonly<Record<number, string>> = {
  62: 'x86_64',
  3: 'i686',
  183: 'aarch64',
  40: 'v7l',
  21: 'power8',
  22: 'z900',
};

const DIRECTORIES_IN_A_PATH = 256;

function multiarch({ machine, bits, byteOrder }: ElfMachine): readonly string[] {
  return MULTIARCH[`${machine}/${bits}/${byteOrder}`] ?? [];
}

/**
 * Directories that the loader searches last. Which they are is built into it; these are those of Debian's and of the
 * rpm family's together, for a library in a directory that only the other family has is rather a miss than a false alarm.
 */
export function defaultDirectories(machine: ElfMachine): string[] {
  const wide = machine.bits === 64 ? ['/lib64', '/usr/lib64'] : [];
  return [...multiarch(machine).flatMap((name) => [`/lib/${name}`, `/usr/lib/${name}`]), ...wide, '/lib', '/usr/lib'];
}

/** Splits an RPATH or RUNPATH as ld.so(8) does: at colons; an empty element is the current directory. */
export function splitPath(path: string): string[] {
  return path.split(':').slice(0, DIRECTORIES_IN_A_PATH);
}

/** Fills in $ORIGIN, $LIB and $PLATFORM, ld.so(8), "Dynamic string tokens": each way that they may be meant. */
export function expandTokens(text: string, origin: string, machine: ElfMachine): string[] {
  const libraries = machine.bits === 64 ? ['lib64', 'lib'] : ['lib'];
  const values: Readonly<Record<string, readonly string[]>> = {
    ORIGIN: [origin],
    LIB: [...multiarch(machine).map((name) => `lib/${name}`), ...libraries],
    PLATFORM: [PLATFORMS[machine.machine] ?? 'unknown'],
  };
  return Object.entries(values).reduce(
    (texts, [token, meanings]) => texts.flatMap((each) => expandToken(each, token, meanings)),
    [text],
  );
}

function expandToken(text: string, token: string, meanings: readonly string[]): string[] {
  const pattern = new RegExp(`\\$(?:\\{${token}\\}|${token}(?![A-Za-z0-9_]))`, 'g');
  if (!pattern.test(text)) return [text];
  return meanings.map((meaning) => text.replace(pattern, () => meaning));
}

/** Directories that a file itself names. RUNPATH, where there is one, makes the loader ignore RPATH. */
function ownDirectories(elf: ElfDynamic, origin: string): string[] {
  const path = elf.runpath ?? elf.rpath;
  if (path === undefined) return [];
  return splitPath(path)
    .flatMap((element) => expandTokens(element, origin, elf))
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => posix.normalize(directory));
}

/** Paths at which a needed library may be, in the loader's order. */
export interface Places {
  readonly places: readonly string[];
  /** Where ldconfig would find it, and the loader only after that. */
  readonly uncached: readonly string[];
}

/** Where the dynamic loader looks for a library that a file needs, ld.so(8). `origin` is the file's directory. */
export function placesFor(needed: string, elf: ElfDynamic, origin: string, view: LoaderView): Places {
  const [name = needed] = expandTokens(needed, origin, elf);
  if (name.includes('/')) return { places: name.startsWith('/') ? [posix.normalize(name)] : [], uncached: [] };
  const defaults = defaultDirectories(elf);
  const inDefaults = (path: string) => defaults.includes(posix.dirname(path));
  const cached = (Object.hasOwn(view.cache, name) ? view.cache[name] : undefined) ?? [];
  const inAll = (directories: readonly string[]) => directories.map((directory) => posix.join(directory, name));
  const places = [
    ...inAll(ownDirectories(elf, origin)),
    ...(elf.ignoresDefaultDirectories ? cached.filter((path) => !inDefaults(path)) : cached),
    ...(elf.ignoresDefaultDirectories ? [] : inAll(defaults)),
  ];
  const seen = new Set(places);
  return { places: [...seen], uncached: inAll(view.configured).filter((path) => !seen.has(path)) };
}
