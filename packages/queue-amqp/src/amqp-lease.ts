import { setTimeout as sleep } from 'node:timers/promises';
import type { AmqpLink } from './amqp-link.ts';
import type { AmqpOptions } from './amqp-options.ts';
import type { AmqpPublisher } from './amqp-publisher.ts';
import { leaseArguments } from './amqp-topology.ts';
import type { LeaseNames } from './lease-names.ts';

export interface LeaseParts {
  readonly link: AmqpLink;
  readonly publisher: AmqpPublisher;
  readonly options: AmqpOptions;
  readonly leaseNames: LeaseNames;
}

export interface LeasedTask {
  readonly queue: string;
  readonly content: Buffer;
  readonly headers: Record<string, unknown>;
}

/** How often a lease is renewed while it holds. */
const RENEWALS = 3;

/**
 * Holds a task that runs long without holding a message: brokers take unacknowledged ones back after `consumer_timeout`,
 * whatever the consumer does. The task lies alone in a queue, from which it expires back into that of tasks; as long
 * as its worker lives, it puts a fresh copy there and takes the old one out. When the worker dies, nobody does.
 */
export class AmqpLease {
  readonly #parts: LeaseParts;
  readonly #task: LeasedTask;
  readonly #name: string;
  readonly #lost: () => void;
  readonly #end = new AbortController();
  #renewedAt = 0;
  #renewing: Promise<void> = Promise.resolve();

  private constructor(parts: LeaseParts, task: LeasedTask, lost: () => void) {
    this.#parts = parts;
    this.#task = task;
    this.#name = parts.leaseNames.take(task.queue);
    this.#lost = lost;
  }

  /**
   * Resolves when the task is held, so that its message may be acknowledged.
   * @param lost called when the lease could not be renewed in time: the task is somebody else's then
   * @throws {AltsError} `queue_unavailable`
   */
  static async take(parts: LeaseParts, task: LeasedTask, lost: () => void): Promise<AmqpLease> {
    const lease = new AmqpLease(parts, task, lost);
    await lease.#declare();
    await lease.#put();
    lease.#renewing = lease.#keep();
    return lease;
  }

  async #declare(): Promise<void> {
    const { link, options } = this.#parts;
    const channel = await link.channel();
    await channel.assertQueue(this.#name, { durable: true, arguments: leaseArguments(this.#task.queue, options) });
    await channel.close();
  }

  async #put(): Promise<void> {
    const { queue, content, headers } = this.#task;
    const at = Date.now();
    await this.#parts.publisher.publish(queue, { content, headers }, { target: this.#name });
    this.#renewedAt = at;
  }

  async #keep(): Promise<void> {
    const { leaseMs } = this.#parts.options;
    while (!this.#end.signal.aborted) {
      await sleep(leaseMs / RENEWALS, undefined, { signal: this.#end.signal }).catch(() => undefined);
      if (this.#end.signal.aborted) return;
      // While the broker cannot be asked, the last copy tells.
      const holds = await this.#renew().catch(() => true);
      if (holds && Date.now() - this.#renewedAt < leaseMs) continue;
      this.#lost();
      return;
    }
  }

  /**
   * The new copy first, then all that are older go: in between there are two, and never none. They are taken without
   * acknowledgement: what a dying worker has not acknowledged yet would be counted as one more attempt (RabbitMQ 4 does,
   * and carries the count on when it expires).
   * @returns false when the last copy had expired, so that the task is in its queue again
   */
  async #renew(): Promise<boolean> {
    await this.#put();
    const channel = await this.#parts.link.channel();
    try {
      for (;;) {
        const copy = await channel.get(this.#name, { noAck: true });
        if (!copy || copy.fields.messageCount === 0) return false;
        if (copy.fields.messageCount === 1) return true;
      }
    } finally {
      await channel.close().catch(() => undefined);
    }
  }

  /** Nobody holds the task any more: it expires back into its queue. */
  abandon(): void {
    this.#end.abort();
  }

  /** The task needs to be held no longer: all copies go, and the next task may be held there. */
  async release(): Promise<void> {
    this.#end.abort();
    await this.#renewing;
    const channel = await this.#parts.link.channel();
    await channel.purgeQueue(this.#name);
    await channel.close();
    this.#parts.leaseNames.giveBack(this.#task.queue, this.#name);
  }
}
