const LINE_FEED = 10;

/** One line without its line feed: bytes of a buffer that is used again. */
export type OnLine = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Splits what comes in pieces into lines. Of a line, only its first bytes are kept; what follows them is passed over, so
 * that a line without end costs no memory. No object is made per line: output may have millions of them.
 */
export class BoundedLines {
  readonly #onLine: OnLine;
  /** The beginning of a line that did not end in the piece before. */
  readonly #rest: Uint8Array;
  #length = 0;
  #unfinished = false;

  /** @param limit bytes of a line that are kept */
  constructor(limit: number, onLine: OnLine) {
    this.#rest = new Uint8Array(limit);
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    if (this.#unfinished) {
      const end = bytes.indexOf(LINE_FEED);
      this.#keep(end < 0 ? bytes : bytes.subarray(0, end), 0);
      if (end < 0) return;
      this.#finish();
      start = end + 1;
    }
    for (let at = start; at < bytes.length; at += 1) {
      if (bytes[at] !== LINE_FEED) continue;
      this.#onLine(bytes, start, Math.min(at, start + this.#rest.length));
      start = at + 1;
    }
    if (start < bytes.length) this.#keep(bytes, start);
  }

  /** A last line counts without its line feed, too. */
  end(): void {
    if (this.#unfinished) this.#finish();
  }

  #keep(bytes: Uint8Array, start: number): void {
    const piece = bytes.subarray(start, start + this.#rest.length - this.#length);
    this.#rest.set(piece, this.#length);
    this.#length += piece.length;
    this.#unfinished = true;
  }

  #finish(): void {
    const length = this.#length;
    this.#length = 0;
    this.#unfinished = false;
    this.#onLine(this.#rest, 0, length);
  }
}
