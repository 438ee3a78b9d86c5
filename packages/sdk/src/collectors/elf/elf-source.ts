/** Something in an ELF file that is not as elf(5) says; never leaves this folder. */
export class ElfProblem extends Error {}

/** Bytes that a source does not have at hand, but could get; never leaves this folder. */
export class BytesWanted extends Error {
  readonly offset: number;
  readonly length: number;
  constructor(offset: number, length: number) {
    super('bytes wanted');
    this.offset = offset;
    this.length = length;
  }
}

/** A file that is read at any place. */
export interface ElfSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /**
   * @throws {ElfProblem} past the end
   * @throws {BytesWanted} when it has to be fetched first
   */
  slice(offset: number, length: number, what: string): Uint8Array;
}

function assertInside(offset: number, length: number, size: number, what: string): void {
  if (offset + length <= size) return;
  throw new ElfProblem(`${what} at ${offset}, ${length} bytes long, is past the end of the file (${size} bytes)`);
}

/** Pieces are at least so large: neighbours come along, and few round trips are needed. */
const PIECE = 65_536;

/** A file of which some pieces are in memory: of a small one all of it in one. */
export class PartialFile implements ElfSource {
  readonly size: number;
  readonly #pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];

  constructor(size: number) {
    this.size = size;
  }

  add(offset: number, bytes: Uint8Array): void {
    this.#pieces.push({ offset, bytes });
  }

  slice(offset: number, length: number, what: string): Uint8Array {
    assertInside(offset, length, this.size, what);
    for (const piece of this.#pieces) {
      const from = offset - piece.offset;
      if (from >= 0 && from + length <= piece.bytes.length) return piece.bytes.subarray(from, from + length);
    }
    throw new BytesWanted(offset, Math.min(Math.max(length, PIECE), this.size - offset));
  }
}
