import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskHandler } from '@alts/sdk/plugin';
import { deliver } from './amqp-delivery.ts';
import { fromAmqp } from './amqp-errors.ts';
import type { AmqpParts } from './amqp-parts.ts';
import { AmqpSource, type TakenMessage } from './amqp-source.ts';

const FIRST_PAUSE_MS = 10;

/**
 * Takes messages one by one as slots are free, from its queues in turn (`basic.get`). Not `basic.consume`: what that
 * pushes is bounded for each queue alone, for quorum queues know no global prefetch, so that a worker of several queues
 * would sit on tasks that others are free for.
 */
export class AmqpConsumer implements AsyncDisposable {
  readonly #parts: AmqpParts;
  readonly #sources: readonly AmqpSource[];
  readonly #handler: TaskHandler;
  readonly #concurrency: number;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #looping: Promise<void> | undefined;
  #turn = 0;
  #restUntil = 0;

  constructor(parts: AmqpParts, queues: readonly string[], handler: TaskHandler, concurrency: number) {
    this.#parts = parts;
    this.#sources = queues.map((queue) => new AmqpSource(parts, queue, this.#stop.signal));
    this.#handler = handler;
    this.#concurrency = concurrency;
  }

  /**
   * Begins to take messages.
   * @throws {AltsError} `queue_unavailable` when the queues cannot be declared: what is wrong from the start is said
   */
  async start(): Promise<void> {
    for (const source of this.#sources) await source.open();
    this.#looping = this.#loop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looping;
    await Promise.all(this.#running);
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  async #loop(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stop.signal.aborted) {
      if (this.#running.size >= this.#concurrency) {
        await Promise.race(this.#running);
        continue;
      }
      const rest = this.#restUntil - performance.now();
      if (rest > 0) {
        await sleep(rest, undefined, { signal: this.#stop.signal }).catch(() => undefined);
        continue;
      }
      const took = await this.#takeOne();
      pauseMs = took ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, this.#parts.options.pollMs);
      if (!took) await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** False when there is nothing in any queue. */
  async #takeOne(): Promise<boolean> {
    for (const { source, priority } of this.#places()) {
      if (this.#stop.signal.aborted) return false;
      const taken = await this.#takeFrom(source, priority);
      if (!taken) continue;
      const work = deliver(this.#parts, { ...taken, onPass: () => this.#rest() }, this.#handler);
      this.#running.add(work);
      void work.finally(() => this.#running.delete(work));
      return true;
    }
    return false;
  }

  /** A queue that cannot be taken from is as one that is empty: there may be others, and it may come back. */
  async #takeFrom(source: AmqpSource, priority: 'high' | 'normal'): Promise<TakenMessage | undefined> {
    const { problems } = this.#parts;
    const where = `taking from ${source.queue}, ${priority}`;
    try {
      const taken = await source.take(priority);
      problems.over(where);
      return taken;
    } catch (error) {
      if (!this.#stop.signal.aborted) problems.tell(where, fromAmqp(error, where));
      return undefined;
    }
  }

  /** Until everybody else has looked who has nothing to do. */
  #rest(): void {
    this.#restUntil = performance.now() + 2 * this.#parts.options.pollMs;
  }

  /** Where to look: first for what goes first, in all queues; each time another queue comes first. */
  #places(): { readonly source: AmqpSource; readonly priority: 'high' | 'normal' }[] {
    this.#turn += 1;
    const first = this.#turn % this.#sources.length;
    const sources = [...this.#sources.slice(first), ...this.#sources.slice(0, first)];
    return (['high', 'normal'] as const).flatMap((priority) => sources.map((source) => ({ source, priority })));
  }
}
