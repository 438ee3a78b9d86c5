/** How much may wait for a slow store before the writer has to wait. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** A pipe between those who write a log and the store that reads it, with back-pressure. */
export class LogChannel implements AsyncIterable<Uint8Array> {
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #closed = false;
  /** True when the reader left: what comes then has nowhere to go. */
  #abandoned = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  /** Resolves at once while the reader keeps up, else when it has caught up. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#abandoned || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#wakeReader?.();
    if (this.#queuedBytes > HIGH_WATER_BYTES) {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
  }

  close(): void {
    this.#closed = true;
    this.#wakeReader?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      for (;;) {
        const batch = this.#take();
        if (batch) yield batch;
        else if (this.#closed) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
          this.#wakeReader = undefined;
        }
      }
    } finally {
      this.#abandoned = true;
      this.#take();
    }
  }

  /** All that waits, as one piece. */
  #take(): Uint8Array | undefined {
    if (this.#queue.length === 0) return undefined;
    const batch = Buffer.concat(this.#queue);
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const wake of this.#wakeWriters.splice(0)) wake();
    return batch;
  }
}
