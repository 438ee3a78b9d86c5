import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskHandler } from '@alts/sdk/plugin';
import type { ConfirmChannel } from 'amqplib';
import { deliver } from './amqp-delivery.ts';
import type { LeaseParts } from './amqp-lease.ts';
import { declare } from './amqp-topology.ts';

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
  readonly #looping: Promise<void>;
  #channel: ConfirmChannel | undefined;
  #turn = 0;

  constructor(parts: LeaseParts, queues: readonly string[], handler: TaskHandler, concurrency: number) {
    this.#parts = parts;
    this.#queues = queues;
    this.#handler = handler;
    this.#concurrency = concurrency;
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
      const took = await this.#takeOne().catch(() => false);
      pauseMs = took ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, this.#parts.options.pollMs);
      if (!took) await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** False when all queues are empty. */
  async #takeOne(): Promise<boolean> {
    const channel = await this.#open();
    for (const _ of this.#queues) {
      const queue = this.#queues[this.#turn % this.#queues.length] ?? '';
      this.#turn += 1;
      await declare(channel, queue, this.#parts.options);
      const message = await channel.get(queue);
      if (!message) continue;
      const work = deliver(this.#parts, { channel, queue, message }, this.#handler).catch(() => {
        // What could not be answered comes back: at once where the channel died, else when it is closed.
        this.#giveBack(channel, message);
      });
      this.#running.add(work);
      void work.finally(() => this.#running.delete(work));
      return true;
    }
    return false;
  }

  #giveBack(channel: ConfirmChannel, message: Parameters<ConfirmChannel['nack']>[0]): void {
    try {
      channel.nack(message, false, true);
    } catch {
      // The channel is closed, and the broker has put it back.
    }
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
