const LINE_LIMIT = 20;
const LENGTH_LIMIT = 2000;

/** What is said of one test point: at most 20 lines and 2000 characters, with `…` where there was more. */
export class Diagnostics {
  #lines: string[] = [];
  #length = 0;
  #full = false;

  get isFull(): boolean {
    return this.#full;
  }

  add(line: string): void {
    if (this.#full) return;
    const room = LENGTH_LIMIT - this.#length;
    this.#full = this.#lines.length === LINE_LIMIT || line.length > room;
    if (this.#lines.length < LINE_LIMIT) this.#lines.push(line.slice(0, room).toWellFormed());
    this.#length += Math.min(line.length, room) + 1;
  }

  /** All of it, and begins anew; undefined: nothing was said. */
  take(): string | undefined {
    const text = this.#lines.join('\n').trimEnd();
    const taken = this.#full ? `${text.slice(0, LENGTH_LIMIT - 2)}\n…` : text;
    this.#lines = [];
    this.#length = 0;
    this.#full = false;
    return taken === '' ? undefined : taken;
  }
}
