import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { AmqpParts } from './amqp-parts.ts';
import { highOf } from './amqp-topology.ts';
import { inTime, NotInTime } from './in-time.ts';

/** A message that was taken, and what it takes to answer it. */
export interface TakenMessage {
  readonly channel: ConfirmChannel;
  readonly queue: string;
  readonly message: GetMessage;
}

/** One of the queues that a consumer takes from. Each has a channel of its own: what closes that concerns no other. */
export class AmqpSource {
  readonly queue: string;
  readonly #parts: AmqpParts;
  readonly #stop: AbortSignal;
  #channel: ConfirmChannel | undefined;
  #looking: Promise<TakenMessage | undefined> | undefined;

  /** @param stop ends waiting for the broker */
  constructor(parts: AmqpParts, queue: string, stop: AbortSignal) {
    this.#parts = parts;
    this.queue = queue;
    this.#stop = stop;
  }

  /**
   * Declares the queue, and opens the channel.
   * @throws {AltsError} `queue_unavailable`
   */
  async open(): Promise<ConfirmChannel> {
    const { link, declarations } = this.#parts;
    await declarations.declare(this.queue);
    if (this.#channel) return this.#channel;
    const channel = await link.limited(`consuming ${this.queue}`, (limit) => link.channel(limit), this.#stop);
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
    return channel;
  }

  /**
   * @returns undefined: there is nothing
   * @throws {AltsError} `queue_unavailable`
   */
  async take(priority: 'high' | 'normal'): Promise<TakenMessage | undefined> {
    const { link, declarations } = this.#parts;
    const from = priority === 'high' ? highOf(this.queue) : this.queue;
    return link.limited(`taking from ${from}`, (limit) =>
      declarations.having(this.queue, () => {
        // What the last look brings that took too long is taken now.
        this.#looking ??= this.#look(from);
        return this.#found(this.#looking, limit);
      }),
    );
  }

  async #found(looking: Promise<TakenMessage | undefined>, limit: AbortSignal): Promise<TakenMessage | undefined> {
    try {
      const taken = await inTime(looking, limit);
      this.#looking = undefined;
      return taken;
    } catch (error) {
      if (!(error instanceof NotInTime)) this.#looking = undefined;
      throw error;
    }
  }

  async #look(from: string): Promise<TakenMessage | undefined> {
    const channel = await this.open();
    const message = await channel.get(from);
    return message ? { channel, queue: this.queue, message } : undefined;
  }

  /** Behind all acknowledgements: they are with the broker when it has answered. */
  async close(): Promise<void> {
    const channel = this.#channel;
    if (!channel) return;
    await this.#parts.link.limited(`leaving ${this.queue}`, () => channel.close()).catch(() => undefined);
  }
}
