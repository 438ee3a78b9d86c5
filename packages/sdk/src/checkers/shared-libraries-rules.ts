import type { Rule } from '../contracts/checker.ts';

export const RULES = [
  {
    id: 'missing-library',
    severity: 'error',
    summary:
      'a program or library needs a library that the dynamic loader does not find; a warning where a wrapper or an optional package may bring it',
    why: 'The program does not start, or the library cannot be loaded: "cannot open shared object file".',
    fix: 'Depend on the package that has the library, ship it, or give its directory in a RUNPATH that starts with $ORIGIN.',
    source: 'ld.so(8); Debian Policy 8.6; Fedora Packaging Guidelines, "Beware of Rpath"',
  },
  {
    id: 'private-library',
    severity: 'info',
    summary: 'a plug-in needs a library that is there, but only in a private directory where the loader does not look',
    why: 'It works when the program that loads the plug-in has loaded that library before; by itself it cannot be loaded.',
    fix: 'Nothing, when only that program loads it; otherwise give the directory in a RUNPATH that starts with $ORIGIN.',
    source: 'ld.so(8); Debian Policy 10.2',
  },
  {
    id: 'wrong-machine',
    severity: 'error',
    summary: 'a needed library is there only for another machine: 32 in place of 64 bits, or another processor',
    why: 'The loader passes over such files, and the program does not start.',
    fix: "Depend on the package of the program's own architecture; ship libraries in the directory of their architecture.",
    source: 'ld.so(8); elf(5), e_ident and e_machine; Debian Policy 8.1 (multiarch directories)',
  },
  {
    id: 'broken-library',
    severity: 'error',
    summary: 'the file that the loader takes for a needed library is no library',
    why: 'The loader does not look further than that file: "invalid ELF header" or "file too short".',
    fix: 'Ship the real library; linker scripts belong under another name than the soname.',
    source: 'ld.so(8); elf(5)',
  },
  {
    id: 'missing-symbol-version',
    severity: 'error',
    summary: 'a needed library lacks a version of symbols that the file needs; a warning where the need is weak',
    why: 'The library is older than the one that the program was built with: "version … not found".',
    fix: 'Depend on a version of the library that has it, or build with the libraries of the distribution.',
    source: 'ld.so(8); Linux Standard Base, Symbol Versioning; Debian Policy 8.6.3',
  },
  {
    id: 'no-version-information',
    severity: 'warning',
    summary: 'the file needs versions of symbols of a library that has none at all',
    why: 'The loader takes the library, but says "no version information available" at each start, and symbols may not fit.',
    fix: 'Build with the library of the distribution, not with another one of the same name.',
    source: 'ld.so(8); Linux Standard Base, Symbol Versioning',
  },
  {
    id: 'missing-interpreter',
    severity: 'error',
    summary: 'the program interpreter (dynamic loader) of a program is not there, or is for another machine',
    why: 'The kernel cannot start the program: "No such file or directory", although the program is there.',
    fix: 'Depend on the C library that has the loader, and build for the architecture that the package says.',
    source: 'execve(2); elf(5), PT_INTERP; ld.so(8)',
  },
  {
    id: 'undeclared-dependency',
    severity: 'error',
    summary:
      'a needed library is there by chance: its package is no dependency, not even of a dependency; a warning for plug-ins and private programs, info when every system has it',
    why: 'On a system without that package the program does not start.',
    fix: 'Add the dependency: dpkg-shlibdeps(1) and rpmbuild find it by themselves when they are let.',
    source: 'Debian Policy 3.5 and 8.6; Fedora Packaging Guidelines, "Dependencies"',
  },
  {
    id: 'unreadable-elf',
    severity: 'error',
    summary:
      'a file starts as a program or library does, but is cut off or contradicts itself; a warning for plug-ins, info for data',
    why: 'Neither kernel nor loader can start or load it.',
    fix: 'Look for a build step that truncates it, or that strips or packs it with a tool that does not know its format.',
    source: 'elf(5)',
  },
  {
    id: 'not-searched',
    severity: 'error',
    summary: 'a file names so many directories and libraries that not all were looked for',
    why: 'Nothing is known of the libraries of that file.',
    fix: 'Shorten the RUNPATH; no program needs that many.',
    source: 'ALTS: every number has a limit',
  },
] as const satisfies readonly Rule[];

export type RuleId = (typeof RULES)[number]['id'];
