import { setTimeout as sleep } from 'node:timers/promises';
import { fromAmqp } from './amqp-errors.ts';
import { AmqpLease, RENEWALS } from './amqp-lease.ts';
import type { AmqpParts } from './amqp-parts.ts';
import type { TakenMessage } from './amqp-source.ts';
import { ATTEMPTS } from './amqp-topology.ts';

/** Keeps a task for its handler: as an unacknowledged message at first, by a lease when that takes long. */
export class Hold {
  readonly #parts: AmqpParts;
  readonly #taken: TakenMessage;
  readonly #lost = new AbortController();
  readonly #end = new AbortController();
  readonly #lease: AmqpLease;
  readonly #taking: Promise<void>;

  constructor(parts: AmqpParts, taken: TakenMessage, attempt: number) {
    const { queue, message, channel } = taken;
    this.#parts = parts;
    this.#taken = taken;
    channel.once('close', this.#lose);
    const task = { queue, content: message.content, headers: { [ATTEMPTS]: attempt } };
    this.#lease = new AmqpLease(parts, task, this.#lose);
    this.#taking = this.#take();
  }

  /** Aborts when the broker took the task back. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  readonly #lose = (): void => {
    this.#lost.abort();
    this.#end.abort();
  };

  /** Again and again: without a lease it stays an unacknowledged message, which the broker takes back one day. */
  async #take(): Promise<void> {
    const { leaseAfterMs, leaseMs } = this.#parts.options;
    await this.#wait(leaseAfterMs);
    while (!this.#end.signal.aborted) {
      const holds = await this.#tryLease();
      // If the channel died meanwhile, the task is lost, and the lease as well.
      if (this.#lost.signal.aborted) return;
      if (holds) {
        this.#taken.channel.ack(this.#taken.message);
        this.#taken.channel.off('close', this.#lose);
        return;
      }
      await this.#wait(leaseMs / RENEWALS);
    }
  }

  async #tryLease(): Promise<boolean> {
    const where = `holding tasks of ${this.#taken.queue}`;
    try {
      await this.#lease.take();
      this.#parts.problems.over(where);
      return true;
    } catch (error) {
      this.#parts.problems.tell(where, fromAmqp(error, where));
      return false;
    }
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#end.signal }).catch(() => undefined);
  }

  async #stop(): Promise<void> {
    this.#end.abort();
    await this.#taking;
    this.#taken.channel.off('close', this.#lose);
  }

  /** The task is done with. */
  async settle(): Promise<void> {
    await this.#stop();
    if (!this.#lease.holds) this.#taken.channel.ack(this.#taken.message);
    await this.#lease.release();
  }

  /** The task is somebody else's, or will be: what still holds it runs out by itself. */
  async forget(): Promise<void> {
    await this.#stop();
    this.#lease.abandon();
  }

  /** The task cannot be answered: it comes again, at once, or when its lease has run out. */
  async abandon(): Promise<void> {
    await this.forget();
    if (!this.#lease.holds) giveBack(this.#taken);
  }
}

/** It is delivered again. */
export function giveBack({ channel, message }: TakenMessage): void {
  try {
    channel.nack(message, false, true);
  } catch {
    // The channel is closed, and the broker has put it back.
  }
}
