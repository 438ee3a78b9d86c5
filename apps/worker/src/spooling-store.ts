import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError, type ArtifactKey, type ArtifactRef, type Bytes, type ResultStore } from '@alts/sdk';
import type { Log } from './parts.ts';
import { REPORT } from './report-name.ts';
import type { Spool, SpooledArtifact } from './spool.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface SpoolingOptions {
  readonly spool: Spool;
  readonly log: Log;
  /** A report that waited on this disk is in the store: its task is over. */
  readonly onReport: (taskId: string, report: Bytes) => Promise<void>;
}

/**
 * A store that is never down: what the store behind it does not take waits on this disk, and is brought there as soon as
 * it can be, also by a later worker. Of one task all is stored in the order in which it came, so the report comes last.
 */
export class SpoolingStore implements ResultStore, AsyncDisposable {
  readonly contract = 'result-store/1';
  readonly #store: ResultStore;
  readonly #options: SpoolingOptions;
  readonly #stop = new AbortController();
  /** Tasks of which something waits. */
  readonly #waiting = new Set<string>();
  #delivering: Promise<void> | undefined;

  constructor(store: ResultStore, options: SpoolingOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Looks for what an earlier worker left, and begins to bring it to the store. */
  async start(): Promise<void> {
    for (const taskId of await this.#options.spool.tasks()) this.#waiting.add(taskId);
    this.#deliverSoon();
  }

  /** How many tasks have something waiting here. */
  get waiting(): number {
    return this.#waiting.size;
  }

  async put(key: ArtifactKey, content: Bytes, options: Parameters<ResultStore['put']>[2] = {}): Promise<ArtifactRef> {
    const artifact = await this.#options.spool.add(key, content, options.once ?? false);
    const stored = this.#waiting.has(key.taskId) ? undefined : await this.#tryNow(artifact);
    if (stored) return stored;
    this.#waiting.add(key.taskId);
    this.#deliverSoon();
    return artifact.ref;
  }

  get(key: ArtifactKey, options?: Parameters<ResultStore['get']>[1]): Bytes {
    return this.#store.get(key, options);
  }

  list(taskId: string, options?: Parameters<ResultStore['list']>[1]): AsyncIterable<ArtifactRef> {
    return this.#store.list(taskId, options);
  }

  /** The report of a task that waits here to be stored. */
  async waitingReport(taskId: string): Promise<Bytes | undefined> {
    if (!this.#waiting.has(taskId)) return undefined;
    const found = await this.#options.spool.of(taskId);
    return found.find(({ key }) => key.name === REPORT)?.content();
  }

  /** What waits stays where it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#delivering;
  }

  /** Undefined: the store is not there. */
  async #tryNow(artifact: SpooledArtifact): Promise<ArtifactRef | undefined> {
    const { key, once } = artifact;
    try {
      const stored = await this.#store.put(key, artifact.content(), { once });
      await this.#options.spool.remove(artifact);
      return stored;
    } catch (error) {
      if (!isDown(error)) throw error;
      this.#options.log.warn({ taskId: key.taskId, error }, 'the store is not there: results wait on this disk');
      return undefined;
    }
  }

  #deliverSoon(): void {
    if (this.#waiting.size === 0 || this.#stop.signal.aborted) return;
    this.#delivering ??= this.#deliver().finally(() => {
      this.#delivering = undefined;
    });
  }

  async #deliver(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      try {
        for (const taskId of [...this.#waiting]) await this.#deliverTask(taskId);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (!isDown(error)) this.#options.log.error({ error }, 'what waits on this disk cannot be stored');
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
      if (this.#waiting.size > 0) {
        await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  async #deliverTask(taskId: string): Promise<void> {
    const { spool, log, onReport } = this.#options;
    for (const artifact of await spool.of(taskId)) {
      const { key, once } = artifact;
      await this.#store.put(key, artifact.content(), { once, signal: this.#stop.signal });
      if (key.name === REPORT) {
        await onReport(taskId, artifact.content());
        log.info({ taskId }, 'a result that waited on this disk is stored');
      }
      await spool.remove(artifact);
    }
    // One that came meanwhile: the next round.
    if ((await spool.of(taskId)).length === 0) this.#waiting.delete(taskId);
  }
}

const isDown = (error: unknown): boolean => AltsError.is(error) && error.code === 'store_unavailable';
