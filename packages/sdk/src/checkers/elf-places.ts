import { posix } from 'node:path';
import type { ElfDynamic, ElfFile } from '../contracts/elf.ts';

/** An ELF file that could be read. */
export type ReadableElf = ElfFile & { readonly elf: ElfDynamic };

/**
 * How a file comes to be loaded, as far as its place says: `command`: started by its name; `program`: started by
 * others, which may set LD_LIBRARY_PATH; `library`: in a directory of the loader's; `plug-in`: loaded by a program,
 * which has loaded libraries of its own before; `data`: nobody loads it here.
 */
export type ElfRole = 'command' | 'program' | 'library' | 'plug-in' | 'data';

/** FHS 3.0: directories of PATH. */
const COMMANDS = /^\/(usr\/(local\/)?)?(s?bin|games)$/;
/** Those that the loader searches by itself, multiarch and all. */
const LIBRARIES = /^\/(usr\/(local\/)?)?lib(32|64|x32)?(\/[^/]+-linux-[^/]+)?$/;
/** FHS 3.0, 4.11: nothing in /usr/share depends on the processor. What compilers and readers of ELF try themselves on. */
const DATA = /^\/usr\/share\/|^\/usr\/(lib\/)?src\/|\/(tests?|testdata|testsuite|examples?)\//;

/** @returns the role; a program is what has an interpreter, or can be at one address only */
export function roleOf({ path, elf }: ElfFile): ElfRole {
  const directory = posix.dirname(path);
  if (DATA.test(path)) return 'data';
  if (COMMANDS.test(directory)) return 'command';
  if (LIBRARIES.test(directory)) return 'library';
  return elf && isProgram(elf) ? 'program' : 'plug-in';
}

/** Shared libraries may have an interpreter, too: libc.so.6 tells its version when it is started. */
function isProgram(elf: ElfDynamic): boolean {
  return (
    elf.type === 'executable' || elf.positionIndependent || (elf.interpreter !== undefined && elf.soname === undefined)
  );
}

/** Text of a file that may be anything: in quotes, and no longer than a line. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length > 200 ? `${quoted.slice(0, 199)}…` : quoted;
}
