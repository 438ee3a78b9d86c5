import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskHandler } from '@alts/sdk/plugin';
import type { ConfirmChannel } from 'amqplib';
import { deliver } from './amqp-delivery.ts';
import { fromAmqp } from './amqp-errors.ts';
import type { LeaseParts } from './amqp-lease.ts';
import { declare, highOf } from './amqp-topology.ts';

const FIRST_PAUSE_MS = 10;

/**
 * Takes messages one by one as slots are free, from its queues in turn (`basic.get`). Not `basic.consume`: what that
 * pushes is bounded for each queue alone, for quorum queues know no global prefetch, so that a worker of several queues
 * would sit on tasks that others are free for.
 */
export class AmqpConsumer implements AsyncDisposable {
  readonly #parts: LeaseParts;
  readonly #queues: readonly string[];
  readonly #handler: TaskHandler;
  readonly #concurrency: number;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #looping: Promise<void> | undefined;
  #channel: ConfirmChannel | undefined;
  #turn = 0;
  #restUntil = 0;

  constructor(parts: LeaseParts, queues: readonly string[], handler: TaskHandler, concurrency: number) {
    this.#parts = parts;
    this.#queues = queues;
    this.#handler = handler;
    this.#concurrency = concurrency;
  }

  /**
   * Begins to take messages.
   * @throws {AltsError} `queue_unavailable` when the queues cannot be declared: what is wrong from the start is said
   */
  async start(): Promise<void> {
    try {
      const channel = await this.#open();
      for (const queue of this.#queues) await declare(channel, queue, this.#parts.options);
    } catch (error) {
      throw fromAmqp(error, `consuming ${this.#queues.join(', ')}`);
    }
    this.#looping = this.#loop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looping;
    await Promise.all(this.#running);
    // Behind all acknowledgements: they are with the broker when it has answered.
    await this.#channel?.close().catch(() => undefined);
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
      const took = await this.#takeOne().catch(() => false);
      pauseMs = took ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, this.#parts.options.pollMs);
      if (!took) await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** False when all queues are empty. */
  async #takeOne(): Promise<boolean> {
    const channel = await this.#open();
    for (const { queue, from } of this.#places()) {
      await declare(channel, queue, this.#parts.options);
      const message = await channel.get(from);
      if (!message) continue;
      // What cannot even be buried comes back when the channel is closed.
      const work = deliver(this.#parts, { channel, queue, message, onPass: () => this.#rest() }, this.#handler).catch(
        () => undefined,
      );
      this.#running.add(work);
      void work.finally(() => this.#running.delete(work));
      return true;
    }
    return false;
  }

  /** Until everybody else has looked who has nothing to do. */
  #rest(): void {
    this.#restUntil = performance.now() + 2 * this.#parts.options.pollMs;
  }

  /** Where to look: first for what goes first, in all queues; each time another queue comes first. */
  #places(): { readonly queue: string; readonly from: string }[] {
    this.#turn += 1;
    const first = this.#turn % this.#queues.length;
    const queues = [...this.#queues.slice(first), ...this.#queues.slice(0, first)];
    return [
      ...queues.map((queue) => ({ queue, from: highOf(queue) })),
      ...queues.map((queue) => ({ queue, from: queue })),
    ];
  }

  async #open(): Promise<ConfirmChannel> {
    if (this.#channel) return this.#channel;
    const channel = await this.#parts.link.channel(this.#stop.signal);
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
    return channel;
  }
}
