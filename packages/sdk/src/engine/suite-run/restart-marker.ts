/** A test that prints it wants the system to be restarted after it. */
const MARKER = Buffer.from('>>>VMRESTART<<<');

/** Looks for the marker in output that comes in pieces. */
export class RestartMarker {
  #tail = Buffer.alloc(0);
  #seen = false;

  get seen(): boolean {
    return this.#seen;
  }

  push(bytes: Uint8Array): void {
    if (this.#seen) return;
    const text = Buffer.concat([this.#tail, bytes]);
    this.#seen = text.includes(MARKER);
    this.#tail = Buffer.from(text.subarray(Math.max(0, text.length - MARKER.length + 1)));
  }
}
