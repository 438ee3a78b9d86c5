import { setTimeout as sleep } from 'node:timers/promises';
import {
  AltsError,
  type ArtifactKey,
  type ArtifactRef,
  assertArtifactKey,
  type Bytes,
  type ResultStore,
} from '@alts/sdk';
import type { Log } from './parts.ts';
import { REPORT } from './report-name.ts';
import type { Spool, SpooledArtifact } from './spool.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface SpoolingOptions {
  readonly spool: Spool;
  readonly log: Log;
  /** Between two tries to store what waits; longer and longer, up to 30 s. Default 1 s. */
  readonly firstPauseMs?: number | undefined;
  /** A report that waited on this disk is in the store: its task is over. */
  readonly onReport: (taskId: string, report: Bytes) => Promise<void>;
}

/**
 * A store that is never down: what the store behind it does not take, for whatever reason, waits on this disk, and is
 * brought there as soon as it can be, also by a later worker. Of one task all is stored in the order in which it came, so
 * the report comes last. Only what this disk does not take is lost, and said.
 */
export class SpoolingStore implements ResultStore, AsyncDisposable {
  readonly contract = 'result-store/1';
  readonly #store: ResultStore;
  readonly #options: SpoolingOptions;
  readonly #stop = new AbortController();
  /** Tasks of which something waits, in the order in which they are tried; how often something came to wait. */
  readonly #waiting = new Map<string, number>();
  #delivering: Promise<void> | undefined;

  constructor(store: ResultStore, options: SpoolingOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Looks for what an earlier worker left, and begins to bring it to the store. */
  async start(): Promise<void> {
    for (const taskId of await this.#options.spool.tasks()) this.#wait(taskId);
    this.#deliverSoon();
  }

  /** How many tasks have something waiting here. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether something of the task is on this disk, and not yet in the store. */
  isWaiting(taskId: string): boolean {
    return this.#waiting.has(taskId);
  }

  /** @throws {AltsError} `invalid_request` for the key; `disk_full` and `store_unavailable` of the spool alone */
  async put(key: ArtifactKey, content: Bytes, options: Parameters<ResultStore['put']>[2] = {}): Promise<ArtifactRef> {
    // What no store would ever take must not wait.
    assertArtifactKey(key);
    const artifact = await this.#options.spool.add(key, content, options.once ?? false);
    const stored = this.#waiting.has(key.taskId) ? undefined : await this.#tryNow(artifact);
    if (stored) return stored;
    this.#wait(key.taskId);
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

  /** Undefined: it has to wait. */
  async #tryNow(artifact: SpooledArtifact): Promise<ArtifactRef | undefined> {
    const { key, once } = artifact;
    try {
      const stored = await this.#store.put(key, artifact.content(), { once });
      await this.#options.spool.remove(artifact);
      return stored;
    } catch (error) {
      this.#options.log.warn({ taskId: key.taskId, error }, 'the store does not take it: results wait on this disk');
      return undefined;
    }
  }

  #wait(taskId: string): void {
    this.#waiting.set(taskId, (this.#waiting.get(taskId) ?? 0) + 1);
  }

  #deliverSoon(): void {
    if (this.#waiting.size === 0 || this.#stop.signal.aborted) return;
    this.#delivering ??= this.#deliver().finally(() => {
      this.#delivering = undefined;
    });
  }

  async #deliver(): Promise<void> {
    const { firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    let pauseMs = firstPauseMs;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      const before = this.#waiting.size;
      await this.#deliverAll();
      pauseMs = this.#waiting.size < before ? firstPauseMs : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (this.#waiting.size > 0) {
        await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** Each task once, until the store is not there: then nothing more is asked of it for this time. */
  async #deliverAll(): Promise<void> {
    for (const taskId of [...this.#waiting.keys()]) {
      try {
        await this.#deliverTask(taskId);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#putLast(taskId);
        if (isDown(error)) return;
        this.#options.log.error({ taskId, error }, 'what waits on this disk cannot be stored');
      }
    }
  }

  /** One that the store never takes must not be what the others wait for. */
  #putLast(taskId: string): void {
    const arrivals = this.#waiting.get(taskId) ?? 0;
    this.#waiting.delete(taskId);
    this.#waiting.set(taskId, arrivals);
  }

  async #deliverTask(taskId: string): Promise<void> {
    const { spool, log, onReport } = this.#options;
    const arrivals = this.#waiting.get(taskId);
    const artifacts = await spool.of(taskId);
    for (const artifact of artifacts) {
      const { key, once } = artifact;
      await this.#store.put(key, artifact.content(), { once, signal: this.#stop.signal });
      if (key.name === REPORT) {
        await onReport(taskId, artifact.content());
        log.info({ taskId }, 'a result that waited on this disk is stored');
      }
      await spool.remove(artifact);
    }
    // What came while the disk was read may not be among them, and is counted: the next round.
    if (this.#waiting.get(taskId) === arrivals) this.#waiting.delete(taskId);
  }
}

const isDown = (error: unknown): boolean => AltsError.is(error) && error.code === 'store_unavailable';
