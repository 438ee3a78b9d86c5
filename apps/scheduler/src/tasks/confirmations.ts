import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../parts.ts';
import type { TaskTable } from '../table/task-table.ts';

/** What the queue has is written down together: what is lost of it is published again, and workers know. */
const WRITE_EVERY_MS = 50;
const RETRY_AFTER_MS = 1000;

/** Writes down which tasks the queue has confirmed; disposing waits until all of it is written, or cannot be. */
export class Confirmations implements AsyncDisposable {
  readonly #table: Pick<TaskTable, 'published'>;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #confirmed: string[] = [];
  #writing: Promise<void> | undefined;

  constructor(table: Pick<TaskTable, 'published'>, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  add(taskId: string): void {
    this.#confirmed.push(taskId);
    this.#writing ??= this.#write();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#writing;
  }

  async #write(): Promise<void> {
    await this.#pause(WRITE_EVERY_MS);
    while (this.#confirmed.length > 0) {
      const isWritten = await this.#writeSome();
      // Who comes after this scheduler publishes them again.
      if (!isWritten && this.#stop.signal.aborted) break;
      await this.#pause(isWritten ? WRITE_EVERY_MS : RETRY_AFTER_MS);
    }
    // In the same turn as the last look: what is added from now on begins anew.
    this.#writing = undefined;
  }

  async #writeSome(): Promise<boolean> {
    const some = this.#confirmed.splice(0);
    try {
      await this.#table.published(some);
      return true;
    } catch (error) {
      this.#confirmed.unshift(...some);
      this.#log.error(
        { error, tasks: some.length },
        'it cannot be written down that the queue has tasks; trying again',
      );
      return false;
    }
  }

  /** Cut short by the end. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
