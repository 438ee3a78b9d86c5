import type { ExecResult } from '../contracts/environment.ts';

const FIRST_BYTES = 4096;

/**
 * Keeps the last bytes of a stream: what {@link ExecResult} has of an output. One buffer, of at most twice the limit,
 * for all of the stream: copies of every chunk would wait for the garbage collector by the megabyte.
 */
export class OutputTail {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #length = 0;
  #truncated = false;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    const piece = bytes.byteLength > this.#limit ? bytes.subarray(bytes.byteLength - this.#limit) : bytes;
    this.#truncated ||= this.#length + bytes.byteLength > this.#limit;
    const needed = this.#length + piece.byteLength;
    if (needed > 2 * this.#limit) this.#forget();
    else if (needed > this.#buffer.byteLength) this.#grow(needed);
    this.#buffer.set(piece, this.#length);
    this.#length += piece.byteLength;
  }

  /** There was more than the limit. */
  get truncated(): boolean {
    return this.#truncated;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(Math.max(0, this.#length - this.#limit), this.#length));
  }

  #grow(needed: number): void {
    const size = Math.min(2 * this.#limit, Math.max(needed, 2 * this.#buffer.byteLength, FIRST_BYTES));
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** Moves what counts to the front: never more than the limit, so that any piece fits behind it. */
  #forget(): void {
    if (this.#buffer.byteLength < 2 * this.#limit) this.#grow(2 * this.#limit);
    const kept = Math.min(this.#length, this.#limit);
    this.#buffer.copyWithin(0, this.#length - kept, this.#length);
    this.#length = kept;
  }
}
