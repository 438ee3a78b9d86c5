import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { AmqpParts } from './amqp-parts.ts';
import { leaseArguments } from './amqp-topology.ts';

export interface LeasedTask {
  readonly queue: string;
  readonly content: Buffer;
  readonly headers: Record<string, unknown>;
}

/** How often a lease is renewed while it holds. */
export const RENEWALS = 3;

/**
 * Holds a task that runs long without holding a message: brokers take unacknowledged ones back after `consumer_timeout`,
 * whatever the consumer does. The task lies alone in a queue, from which it expires back into that of tasks; as long
 * as its worker lives, it puts a fresh copy there and takes the old one out. When the worker dies, nobody does.
 */
export class AmqpLease {
  readonly #parts: AmqpParts;
  readonly #task: LeasedTask;
  readonly #lost: () => void;
  readonly #end = new AbortController();
  #name: string | undefined;
  #holds = false;
  #renewedAt = 0;
  #renewing: Promise<void> = Promise.resolve();
  /** The copy in hand while none can be put there: what is not acknowledged does not expire. */
  #inHand: { readonly channel: ConfirmChannel; readonly message: GetMessage } | undefined;

  /** @param lost called when the lease could not be renewed in time: the task is somebody else's then */
  constructor(parts: AmqpParts, task: LeasedTask, lost: () => void) {
    this.#parts = parts;
    this.#task = task;
    this.#lost = lost;
  }

  /** Whether it was ever taken. */
  get holds(): boolean {
    return this.#holds;
  }

  /**
   * Resolves when the task is held, so that its message may be acknowledged. When it failed it may be called again.
   * @throws {AltsError} `queue_unavailable`
   */
  async take(): Promise<void> {
    const { link, leaseNames, options } = this.#parts;
    const { queue } = this.#task;
    // The same for all tries: what one of them put there, and nobody confirmed, goes with the first renewal.
    const name = this.#name ?? leaseNames.take(queue);
    this.#name = name;
    const declaration = { durable: true, arguments: leaseArguments(queue, options) };
    await link.use(`declaring ${name}`, async (channel) => void (await channel.assertQueue(name, declaration)));
    await this.#put(name);
    this.#holds = true;
    this.#renewing = this.#keep(name);
  }

  async #put(name: string): Promise<void> {
    const { queue, content, headers } = this.#task;
    const at = performance.now();
    // What takes longer would come when the last copy has expired.
    const signal = AbortSignal.timeout(Math.ceil(this.#parts.options.leaseMs / RENEWALS));
    await this.#parts.publisher.publish(queue, { content, headers }, { target: name, signal });
    this.#renewedAt = at;
  }

  async #keep(name: string): Promise<void> {
    const { leaseMs } = this.#parts.options;
    while (!this.#end.signal.aborted) {
      await sleep(leaseMs / RENEWALS, undefined, { signal: this.#end.signal }).catch(() => undefined);
      if (this.#end.signal.aborted) return;
      const holds = await this.#renew(name);
      if (holds && (this.#inHand || performance.now() - this.#renewedAt < leaseMs)) continue;
      this.#lost();
      return;
    }
  }

  /** @returns false when the last copy had expired, so that the task is in its queue again */
  async #renew(name: string): Promise<boolean> {
    try {
      await this.#put(name);
    } catch {
      // While the broker cannot be asked, the last copy tells.
      return this.#keepInHand(name).catch(() => true);
    }
    return this.#takeOlder(name).catch(() => true);
  }

  /**
   * The new copy first, then all that are older go: in between there are two, and never none. They are taken without
   * acknowledgement: what a dying worker has not acknowledged yet would be counted as one more attempt (RabbitMQ 4 does,
   * and carries the count on when it expires).
   */
  #takeOlder(name: string): Promise<boolean> {
    return this.#parts.link.use(`renewing ${name}`, async (channel) => {
      if (this.#inHand) {
        this.#letGo();
        // Besides the new one there may be some that nobody confirmed.
        const { messageCount } = await channel.checkQueue(name);
        for (let older = messageCount - 1; older > 0; older -= 1) await channel.get(name, { noAck: true });
        return true;
      }
      for (;;) {
        const copy = await channel.get(name, { noAck: true });
        if (!copy || copy.fields.messageCount === 0) return false;
        if (copy.fields.messageCount === 1) return true;
      }
    });
  }

  /** A broker whose memory or disk run out takes nothing new, for as long as that lasts. */
  async #keepInHand(name: string): Promise<boolean> {
    if (this.#inHand) return true;
    const { link } = this.#parts;
    const doing = `keeping ${name}`;
    const channel = await link.limited(doing, (limit) => link.channel(limit));
    const close = () => void channel.close().catch(() => undefined);
    const message = await link
      .limited(doing, () => channel.get(name))
      .catch((error: unknown) => {
        close();
        throw error;
      });
    if (!message) {
      close();
      return false;
    }
    this.#inHand = { channel, message };
    channel.once('close', () => {
      this.#inHand = undefined;
    });
    return true;
  }

  #letGo(): void {
    const inHand = this.#inHand;
    this.#inHand = undefined;
    try {
      inHand?.channel.ack(inHand.message);
    } catch {
      // The channel is closed: the copy is in the queue again.
    }
    void inHand?.channel.close().catch(() => undefined);
  }

  /** Nobody holds the task any more: it expires back into its queue. */
  abandon(): void {
    this.#end.abort();
    void this.#inHand?.channel.close().catch(() => undefined);
  }

  /**
   * The task needs to be held no longer: all copies go, and the next task may be held there.
   * @throws {AltsError} `queue_unavailable`
   */
  async release(): Promise<void> {
    this.#end.abort();
    await this.#renewing;
    const name = this.#name;
    if (name === undefined) return;
    this.#letGo();
    const purging = this.#parts.link.use(`purging ${name}`, async (channel) => void (await channel.purgeQueue(name)));
    // Where it never held there may be nothing, or what nobody confirmed.
    if (!this.#holds) return purging.catch(() => undefined);
    await purging;
    this.#parts.leaseNames.giveBack(this.#task.queue, name);
  }
}
