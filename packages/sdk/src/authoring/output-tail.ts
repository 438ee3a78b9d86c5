/** Keeps the last bytes of a stream. */
export class OutputTail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
    this.#size += bytes.byteLength;
    // Only now and then: joining at each chunk would copy the tail again and again.
    if (this.#size > 2 * this.#limit + 65_536) this.#shrink();
  }

  get truncated(): boolean {
    return this.#truncated || this.#size > this.#limit;
  }

  get bytes(): Uint8Array {
    this.#shrink();
    return this.#chunks[0] ?? new Uint8Array();
  }

  #shrink(): void {
    const whole = Buffer.concat(this.#chunks);
    this.#truncated ||= whole.byteLength > this.#limit;
    const kept = new Uint8Array(whole.subarray(Math.max(0, whole.byteLength - this.#limit)));
    this.#chunks = [kept];
    this.#size = kept.byteLength;
  }
}
