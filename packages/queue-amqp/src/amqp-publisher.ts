import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Message } from 'amqplib';
import type { Declarations } from './amqp-declarations.ts';
import { NoQueue } from './amqp-errors.ts';
import type { AmqpLink } from './amqp-link.ts';
import { inTime } from './in-time.ts';

export interface Publication {
  readonly content: Buffer;
  readonly headers?: Record<string, unknown>;
  /** Until it goes where the queue sends what expires. */
  readonly expiresInMs?: number;
}

/**
 * Publishes, and knows when the broker has it: durable, in a queue that is there. On a connection that does nothing else:
 * while memory or disk of a broker run out it reads nothing from connections that publish, no acknowledgement either.
 */
export class AmqpPublisher {
  readonly #link: AmqpLink;
  readonly #declarations: Declarations;
  readonly #returned = new Set<string>();
  /** Why the broker closed a channel: those who wait for an answer on it are told only that it is closed. */
  readonly #refusals = new WeakMap<ConfirmChannel, unknown>();
  #channel: ConfirmChannel | undefined;
  #opening: Promise<ConfirmChannel> | undefined;

  constructor(link: AmqpLink, declarations: Declarations) {
    this.#link = link;
    this.#declarations = declarations;
  }

  /**
   * Resolves when the broker has confirmed it.
   * @param queue of tasks: it and those that belong to it are declared
   * @param target which of them; left out: itself
   * @throws {AltsError} `queue_unavailable` when the broker is not there, refuses, does not answer in time, or has no such
   *   queue; the signal's reason when that aborts
   */
  async publish(
    queue: string,
    publication: Publication,
    { target = queue, signal }: { readonly target?: string; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const publishing = async (limit: AbortSignal) => {
      // What is sent to a broker that takes nothing is published when it does again, long after it was given up here.
      await this.#link.ready(limit);
      await this.#declarations.having(queue, async () => {
        const channel = await inTime(this.#open(), limit);
        limit.throwIfAborted();
        await this.#confirmed(channel, target, publication);
      });
    };
    await this.#link.limited(`publishing to ${target}`, publishing, signal);
  }

  /** One for all, who open it together and each wait for as long as they may. */
  async #open(): Promise<ConfirmChannel> {
    if (this.#channel) return this.#channel;
    this.#opening ??= this.#link
      .limited('opening a channel', (limit) => this.#link.channel(limit))
      .then((channel) => this.#adopt(channel))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  #adopt(channel: ConfirmChannel): ConfirmChannel {
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    channel.on('error', (reason: unknown) => this.#refusals.set(channel, reason));
    channel.on('return', (message: Message) => this.#returned.add(String(message.properties.messageId)));
    this.#channel = channel;
    return channel;
  }

  #confirmed(
    channel: ConfirmChannel,
    target: string,
    { content, headers = {}, expiresInMs }: Publication,
  ): Promise<void> {
    const messageId = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAnswer = (error: unknown) => {
      // What cannot be routed comes back, and is confirmed after that (RabbitMQ, Publisher Confirms).
      if (this.#returned.delete(messageId)) reject(new NoQueue(target));
      else if (error) reject(this.#refusals.get(channel) ?? error);
      else resolve();
    };
    const options = {
      persistent: true,
      mandatory: true,
      contentType: 'application/json',
      messageId,
      headers,
      ...(expiresInMs !== undefined && { expiration: String(expiresInMs) }),
    };
    try {
      channel.publish('', target, content, options, onAnswer);
    } catch (error) {
      // It was closed just now.
      if (this.#channel === channel) this.#channel = undefined;
      throw error;
    }
    return promise;
  }
}
