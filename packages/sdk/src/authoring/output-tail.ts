import type { ExecResult } from '../contracts/environment.ts';

/** Keeps the last bytes of a stream, never more than about twice its limit: what {@link ExecResult} has of an output. */
export class OutputTail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #truncated = false;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    // A copy, which slice() of a Buffer is not: a small piece would keep the whole chunk of a socket alive.
    this.#chunks.push(new Uint8Array(bytes));
    this.#size += bytes.byteLength;
    // Only now and then: joining at each chunk would copy the tail again and again.
    if (this.#size > 2 * this.#limit + 65_536) this.#shrink();
  }

  /** There was more than the limit. */
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
