import type { ElfMachine } from '../../contracts/elf.ts';
import { ElfProblem, type ElfSource } from './elf-source.ts';

/** elf(5), e_ident and the rest of the file's header. */
export const ELF_MAGIC: readonly number[] = [0x7f, 0x45, 0x4c, 0x46];
const IDENT_BYTES = 16;
const HEADER_BYTES = { 32: 52, 64: 64 } as const;
const PROGRAM_HEADER_BYTES = { 32: 32, 64: 56 } as const;
/** The real number would be in a section header. No file of a package has that many. */
const TOO_MANY_PROGRAM_HEADERS = 0xffff;

/** Numbers of one byte order and one width of addresses. */
export interface Numbers {
  u16(bytes: Uint8Array, at: number): number;
  u32(bytes: Uint8Array, at: number): number;
  /** As wide as an address. */
  word(bytes: Uint8Array, at: number): number;
}

export interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** What is in front of everything else. */
export interface ElfLayout {
  readonly machine: ElfMachine;
  /** `e_type`. */
  readonly type: number;
  readonly numbers: Numbers;
  readonly programHeaders: readonly ProgramHeader[];
}

export function isElf(bytes: Uint8Array): boolean {
  return ELF_MAGIC.every((byte, index) => bytes[index] === byte);
}

function numbersOf(bits: 32 | 64, little: boolean): Numbers {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (bytes: Uint8Array, at: number) => view(bytes).getUint32(at, little);
  return {
    u16: (bytes, at) => view(bytes).getUint16(at, little),
    u32,
    // What does not fit into a double exactly is past the end of any file, and compared with that only.
    word: bits === 32 ? u32 : (bytes, at) => Number(view(bytes).getBigUint64(at, little)),
  };
}

/**
 * Reads the header and the program headers.
 * @throws {ElfProblem | BytesWanted}
 */
export function readLayout(source: ElfSource): ElfLayout {
  const ident = source.slice(0, IDENT_BYTES, 'the header');
  if (!isElf(ident)) throw new ElfProblem('it does not start as an ELF file does');
  const bits = ident[4] === 1 ? 32 : ident[4] === 2 ? 64 : undefined;
  if (bits === undefined) throw new ElfProblem(`class ${ident[4]} is neither 1 (32 bits) nor 2 (64 bits)`);
  if (ident[5] !== 1 && ident[5] !== 2) throw new ElfProblem(`byte order ${ident[5]} is neither 1 nor 2`);
  const numbers = numbersOf(bits, ident[5] === 1);
  const header = source.slice(0, HEADER_BYTES[bits], 'the header');
  const machine: ElfMachine = {
    bits,
    byteOrder: ident[5] === 1 ? 'little' : 'big',
    machine: numbers.u16(header, 18),
  };
  return {
    machine,
    type: numbers.u16(header, 16),
    numbers,
    programHeaders: readProgramHeaders(source, header, bits, numbers),
  };
}

function readProgramHeaders(source: ElfSource, header: Uint8Array, bits: 32 | 64, numbers: Numbers): ProgramHeader[] {
  const tableAt = numbers.word(header, bits === 32 ? 28 : 32);
  const entryBytes = numbers.u16(header, bits === 32 ? 42 : 54);
  const count = numbers.u16(header, bits === 32 ? 44 : 56);
  if (count === 0) return [];
  if (count === TOO_MANY_PROGRAM_HEADERS) throw new ElfProblem(`${count} program headers are too many`);
  if (entryBytes !== PROGRAM_HEADER_BYTES[bits]) {
    throw new ElfProblem(`a program header of ${entryBytes} bytes, where ${PROGRAM_HEADER_BYTES[bits]} are right`);
  }
  const table = source.slice(tableAt, count * entryBytes, 'the table of program headers');
  return Array.from({ length: count }, (_, index) =>
    readProgramHeader(table.subarray(index * entryBytes), bits, numbers),
  );
}

function readProgramHeader(entry: Uint8Array, bits: 32 | 64, { u32, word }: Numbers): ProgramHeader {
  const [offset, address, fileBytes] = bits === 32 ? [4, 8, 16] : [8, 16, 32];
  return {
    type: u32(entry, 0),
    offset: word(entry, offset),
    address: word(entry, address),
    fileBytes: word(entry, fileBytes),
  };
}
