import type { CandidateLibrary, ElfDynamic, ElfMachine, LibrarySearch } from '../contracts/elf.ts';

/** What the loader makes of the candidates for a needed library. */
export type Resolution =
  | { readonly kind: 'found'; readonly library: CandidateLibrary & { readonly elf: ElfDynamic } }
  | { readonly kind: 'broken'; readonly path: string; readonly problem: string }
  | { readonly kind: 'wrong-machine'; readonly path: string; readonly elf: ElfMachine }
  | { readonly kind: 'missing' };

/** A search and its outcome. */
export interface Resolved {
  readonly search: LibrarySearch;
  readonly resolution: Resolution;
}

/** The first one that is for the same machine; one that is no ELF file ends the search, ld.so(8). */
export function resolve(
  { candidates }: LibrarySearch,
  machine: ElfMachine,
  libraries: ReadonlyMap<string, CandidateLibrary>,
): Resolution {
  let other: Resolution | undefined;
  for (const path of candidates) {
    const library = libraries.get(path);
    if (!library) continue;
    if (!library.elf) return { kind: 'broken', path, problem: library.problem };
    if (isSameMachine(library.elf, machine)) return { kind: 'found', library };
    other ??= { kind: 'wrong-machine', path, elf: library.elf };
  }
  return other ?? { kind: 'missing' };
}

export function isSameMachine(a: ElfMachine, b: ElfMachine): boolean {
  return a.machine === b.machine && a.bits === b.bits && a.byteOrder === b.byteOrder;
}

/** elf(5), e_machine. */
const NAMES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};

/** `x86-64, 64 bits`. */
export function describeMachine({ machine, bits, byteOrder }: ElfMachine): string {
  return `${NAMES[machine] ?? `machine ${machine}`}, ${bits} bits${byteOrder === 'big' ? ', big-endian' : ''}`;
}
