import { randomUUID } from 'node:crypto';
import { AltsError } from '@alts/sdk/plugin';
import type { ConfirmChannel, Message } from 'amqplib';
import { fromAmqp } from './amqp-errors.ts';
import type { AmqpLink } from './amqp-link.ts';
import type { AmqpOptions } from './amqp-options.ts';
import { declare } from './amqp-topology.ts';

export interface Publication {
  readonly content: Buffer;
  readonly headers?: Record<string, unknown>;
  /** Until it goes where the queue sends what expires. */
  readonly expiresInMs?: number;
}

/** Publishes, and knows when the broker has it: durable, in a queue that is there. */
export class AmqpPublisher {
  readonly #link: AmqpLink;
  readonly #options: AmqpOptions;
  readonly #returned = new Set<string>();
  #channel: Promise<ConfirmChannel> | undefined;

  constructor(link: AmqpLink, options: AmqpOptions) {
    this.#link = link;
    this.#options = options;
  }

  /**
   * Resolves when the broker has confirmed it.
   * @param queue of tasks: it and those that belong to it are declared
   * @param target which of them; left out: itself
   * @throws {AltsError} `queue_unavailable` when the broker is not there, refuses, does not answer in time, or has no such
   *   queue
   */
  async publish(
    queue: string,
    publication: Publication,
    { target = queue, signal }: { readonly target?: string; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    try {
      const channel = await this.#open(signal);
      await declare(channel, queue, this.#options);
      signal?.throwIfAborted();
      await this.#confirmed(channel, target, publication);
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAmqp(error, `publishing to ${target}`);
    }
  }

  #open(signal: AbortSignal | undefined): Promise<ConfirmChannel> {
    if (this.#channel) return this.#channel;
    const opening = this.#link.channel(signal);
    this.#channel = opening;
    const forget = () => {
      if (this.#channel === opening) this.#channel = undefined;
    };
    opening.then((channel) => {
      channel.once('close', forget);
      channel.on('return', (message: Message) => this.#returned.add(String(message.properties.messageId)));
    }, forget);
    return opening;
  }

  #confirmed(
    channel: ConfirmChannel,
    target: string,
    { content, headers = {}, expiresInMs }: Publication,
  ): Promise<void> {
    const messageId = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('the broker did not confirm it in time')), this.#options.timeoutMs);
    const onAnswer = (error: unknown) => {
      // What cannot be routed comes back, and is confirmed after that (RabbitMQ, Publisher Confirms).
      if (this.#returned.delete(messageId)) reject(new AltsError('queue_unavailable', `there is no queue ${target}`));
      else if (error) reject(error);
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
    channel.publish('', target, content, options, onAnswer);
    return promise.finally(() => clearTimeout(timer));
  }
}
