/** What a stream has of one part: bytes of it, or the code with which it ended. */
export type PartEvent =
  | { readonly index: number; readonly piece: Uint8Array; readonly code?: undefined }
  | { readonly index: number; readonly piece?: undefined; readonly code: number };

/** Behind a mark: `:0\n`. */
const AFTER_MARK = /^:(\d{1,3})\n/;
const MAX_AFTER_MARK = ':255\n'.length;

/** Splits a stream of several outputs, each of which a mark and a code end; what comes is handed on as early as can be. */
export class MarkedParts {
  readonly #mark: string;
  #held: Buffer = Buffer.alloc(0);
  #index = 0;

  constructor(mark: string) {
    this.#mark = mark;
  }

  *push(bytes: Uint8Array): Generator<PartEvent> {
    const come = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#held = this.#held.length === 0 ? come : Buffer.concat([this.#held, come]);
    for (let at = this.#held.indexOf(this.#mark); at >= 0; ) {
      const after = at + this.#mark.length;
      const said = AFTER_MARK.exec(this.#held.toString('latin1', after, after + MAX_AFTER_MARK));
      if (said) {
        if (at > 0) yield { index: this.#index, piece: this.#held.subarray(0, at) };
        yield { index: this.#index, code: Number(said[1]) };
        this.#index += 1;
        this.#held = this.#held.subarray(after + said[0].length);
      }
      // Without a code it is not the end, but the shell's own command line in a list of processes.
      at = this.#held.indexOf(this.#mark, said ? 0 : at + 1);
    }
    const length = this.#held.length - this.#undecided();
    if (length > 0) yield { index: this.#index, piece: this.#held.subarray(0, length) };
    this.#held = this.#held.subarray(length);
  }

  /** How much of the end may be the beginning of a mark, and has to wait for what follows. */
  #undecided(): number {
    const longest = Math.min(this.#held.length, this.#mark.length + MAX_AFTER_MARK);
    const tail = this.#held.toString('latin1', this.#held.length - longest);
    const whole = tail.lastIndexOf(this.#mark);
    if (whole >= 0) return tail.length - whole;
    for (let length = Math.min(tail.length, this.#mark.length - 1); length > 0; length -= 1) {
      if (this.#mark.startsWith(tail.slice(-length))) return length;
    }
    return 0;
  }
}
