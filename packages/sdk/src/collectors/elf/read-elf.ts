import type { ElfDynamic, ElfReading } from '../../contracts/elf.ts';
import { type DynamicSection, readDynamicSection } from './elf-dynamic-section.ts';
import { type ElfLayout, readLayout } from './elf-layout.ts';
import { BytesWanted, ElfProblem, type ElfSource } from './elf-source.ts';
import { readVersionDefinitions, readVersionNeeds } from './elf-versions.ts';

/** elf(5). */
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_1_NODEFLIB = 0x800;
const DF_1_PIE = 0x8000000;
const PATH_MAX = 4096;
/** The largest programs need some hundreds. */
const MAX_NEEDED = 4096;

/** What is missing to read a file of which only pieces are here. */
export interface Wanted {
  readonly wanted: { readonly offset: number; readonly length: number };
}

/**
 * Reads what the dynamic loader would read. Never throws, whatever the file is: what is wrong with it is a `problem`.
 * The work is bounded by the file's size and the limits of this folder.
 */
export function readElf(source: ElfSource): ElfReading | Wanted {
  try {
    return { elf: read(source, readLayout(source)) };
  } catch (error) {
    if (error instanceof BytesWanted) return { wanted: { offset: error.offset, length: error.length } };
    if (error instanceof ElfProblem) return { problem: error.message };
    throw error;
  }
}

function read(source: ElfSource, layout: ElfLayout): ElfDynamic {
  const { machine, type } = layout;
  const interpreter = readInterpreter(source, layout);
  const dynamic = readDynamicSection(source, layout);
  return {
    ...machine,
    type: type === ET_EXEC ? 'executable' : type === ET_DYN ? 'shared' : 'other',
    ...(interpreter !== undefined && { interpreter }),
    ...(dynamic ? readDynamic(source, layout, dynamic) : STATIC),
  };
}

type Dynamic = Omit<ElfDynamic, keyof ElfLayout['machine'] | 'type' | 'interpreter'>;

const STATIC: Dynamic = {
  dynamic: false,
  needed: [],
  ignoresDefaultDirectories: false,
  positionIndependent: false,
  versionNeeds: [],
  versionDefinitions: [],
};

function readDynamic(source: ElfSource, layout: ElfLayout, dynamic: DynamicSection): Dynamic {
  const string = (tag: number, what: string) => {
    const offset = dynamic.last(tag);
    return offset === undefined ? undefined : dynamic.string(offset, what);
  };
  const needed = dynamic.all(DT_NEEDED);
  if (needed.length > MAX_NEEDED) throw new ElfProblem(`${needed.length} needed libraries, more than ${MAX_NEEDED}`);
  const [soname, rpath, runpath] = [
    string(DT_SONAME, 'the soname'),
    string(DT_RPATH, 'the RPATH'),
    string(DT_RUNPATH, 'the RUNPATH'),
  ];
  const flags = dynamic.last(DT_FLAGS_1) ?? 0;
  return {
    dynamic: true,
    ...(soname !== undefined && { soname }),
    needed: needed.map((offset) => dynamic.string(offset, 'the name of a needed library')),
    ...(rpath !== undefined && { rpath }),
    ...(runpath !== undefined && { runpath }),
    ignoresDefaultDirectories: hasFlag(flags, DF_1_NODEFLIB),
    positionIndependent: hasFlag(flags, DF_1_PIE),
    versionNeeds: readVersionNeeds(source, layout, dynamic),
    versionDefinitions: readVersionDefinitions(source, layout, dynamic),
  };
}

/** Not `&` alone: the value may have more than 32 bits. */
function hasFlag(flags: number, flag: number): boolean {
  return ((flags % 2 ** 32) & flag) !== 0;
}

function readInterpreter(source: ElfSource, { programHeaders }: ElfLayout): string | undefined {
  const header = programHeaders.find(({ type }) => type === PT_INTERP);
  if (!header) return undefined;
  if (header.fileBytes > PATH_MAX) throw new ElfProblem(`the interpreter's path has ${header.fileBytes} bytes`);
  const bytes = source.slice(header.offset, header.fileBytes, "the interpreter's path");
  const end = bytes.indexOf(0);
  if (end <= 0) throw new ElfProblem("the interpreter's path is empty or does not end");
  return Buffer.from(bytes.subarray(0, end)).toString();
}
