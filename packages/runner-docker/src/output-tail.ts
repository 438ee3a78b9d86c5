/** The end of a stream, never more than its limit. */
export class OutputTail {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Buffer): void {
    // A copy: a small piece would keep the whole chunk of the socket alive.
    this.#pieces.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
    if (this.#bytes > 2 * this.#limit) this.#cut();
  }

  get bytes(): Buffer {
    this.#cut();
    return this.#pieces[0] ?? Buffer.alloc(0);
  }

  #cut(): void {
    const whole = Buffer.concat(this.#pieces);
    if (whole.length > this.#limit) this.truncated = true;
    const kept = this.#limit === 0 ? Buffer.alloc(0) : Buffer.from(whole.subarray(-this.#limit));
    this.#pieces = [kept];
    this.#bytes = kept.length;
  }
}
