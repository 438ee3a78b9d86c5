import type { ElfLayout, ProgramHeader } from './elf-layout.ts';
import { ElfProblem, type ElfSource } from './elf-source.ts';

/** elf(5), program header types. */
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
/** The largest programs of Debian 12 have some hundreds. */
const MAX_ENTRIES = 65_536;
/** That of libLLVM, 100 MB large, has 4 MB. */
const MAX_STRINGS_BYTES = 8 * 1024 * 1024;
/** PATH_MAX for each of some directories of an RPATH. */
const MAX_STRING_BYTES = 65_536;
/** Thousands of names may all point to one long string. */
const MAX_READ_BYTES = 4 * 1024 * 1024;

/** The entries of a dynamic section, and what they point to. */
export interface DynamicSection {
  /** All values of a tag, in the file's order. */
  all(tag: number): readonly number[];
  /** The value that counts for the loader, which is the last one. */
  last(tag: number): number | undefined;
  /** @throws {ElfProblem} when it is not in the table or does not end */
  string(offset: number, what: string): string;
  /** Where in the file an address is. @throws {ElfProblem} */
  place(address: number, what: string): number;
}

/**
 * Finds and reads it by the program headers, as the loader does: section headers may be stripped or lie.
 * @returns undefined for a file that has none
 * @throws {ElfProblem | BytesWanted}
 */
export function readDynamicSection(source: ElfSource, layout: ElfLayout): DynamicSection | undefined {
  const header = layout.programHeaders.find(({ type }) => type === PT_DYNAMIC);
  if (!header) return undefined;
  const values = readEntries(source, layout, header);
  const place = (address: number, what: string) => placeOf(layout.programHeaders, address, what);
  const last = (tag: number) => values.get(tag)?.at(-1);
  // Nothing that is loaded lacks it; a file whose end was lost and filled with zeros does.
  if (last(DT_STRTAB) === undefined) throw new ElfProblem('the dynamic section has no string table');
  let strings: Uint8Array | undefined;
  let readBytes = 0;
  return {
    all: (tag) => values.get(tag) ?? [],
    last,
    place,
    string(offset, what) {
      strings ??= readStrings(source, place, last(DT_STRTAB), last(DT_STRSZ));
      const text = readString(strings, offset, what);
      readBytes += text.length;
      if (readBytes > MAX_READ_BYTES) throw new ElfProblem(`its names have more than ${MAX_READ_BYTES} bytes`);
      return text;
    },
  };
}

function readEntries(source: ElfSource, { machine, numbers }: ElfLayout, header: ProgramHeader): Map<number, number[]> {
  const wordBytes = machine.bits / 8;
  const count = Math.floor(header.fileBytes / (2 * wordBytes));
  if (count > MAX_ENTRIES) throw new ElfProblem(`a dynamic section of ${count} entries, more than ${MAX_ENTRIES}`);
  const section = source.slice(header.offset, count * 2 * wordBytes, 'the dynamic section');
  const values = new Map<number, number[]>();
  for (let at = 0; at < section.length; at += 2 * wordBytes) {
    const tag = numbers.word(section, at);
    if (tag === DT_NULL) break;
    const value = numbers.word(section, at + wordBytes);
    const known = values.get(tag);
    if (known) known.push(value);
    else values.set(tag, [value]);
  }
  return values;
}

function placeOf(headers: readonly ProgramHeader[], address: number, what: string): number {
  const segment = headers.find((h) => h.type === PT_LOAD && address >= h.address && address < h.address + h.fileBytes);
  if (!segment) throw new ElfProblem(`${what} is at address 0x${address.toString(16)}, which no segment loads`);
  return segment.offset + (address - segment.address);
}

function readStrings(
  source: ElfSource,
  place: DynamicSection['place'],
  address: number | undefined,
  size: number | undefined,
): Uint8Array {
  if (address === undefined || size === undefined) throw new ElfProblem('the dynamic section has no string table');
  if (size > MAX_STRINGS_BYTES) throw new ElfProblem(`a string table of ${size} bytes, more than ${MAX_STRINGS_BYTES}`);
  return source.slice(place(address, 'the string table'), size, 'the string table');
}

function readString(strings: Uint8Array, offset: number, what: string): string {
  if (offset >= strings.length) throw new ElfProblem(`${what} is past the end of the string table`);
  const end = strings.subarray(offset, offset + MAX_STRING_BYTES).indexOf(0);
  if (end < 0) throw new ElfProblem(`${what} does not end`);
  return Buffer.from(strings.buffer, strings.byteOffset + offset, end).toString();
}
