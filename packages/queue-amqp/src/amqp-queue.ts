import {
  type Abortable,
  AltsError,
  type DeadLetter,
  describeZodError,
  type PublishOptions,
  type Queue,
  type QueueDepth,
  type TaskHandler,
  TaskMessage,
} from '@alts/sdk/plugin';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import { AmqpConsumer } from './amqp-consumer.ts';
import { fromAmqp } from './amqp-errors.ts';
import { AmqpLink } from './amqp-link.ts';
import { AmqpOptions, type AmqpOptionsInput } from './amqp-options.ts';
import { AmqpPublisher } from './amqp-publisher.ts';
import { ATTEMPTS, deadOf, declare, highOf, REASON, retryOf } from './amqp-topology.ts';
import { LeaseNames } from './lease-names.ts';

/** Names of AMQP have 255 bytes, and queues that belong to a queue have its name and a little more. */
const MAX_NAME_BYTES = 200;

class RabbitQueue implements Queue {
  readonly contract = 'queue/1';
  readonly #options: AmqpOptions;
  readonly #link: AmqpLink;
  readonly #publisher: AmqpPublisher;
  readonly #leaseNames = new LeaseNames();
  readonly #consumers = new Set<AmqpConsumer>();
  #disposed = false;

  constructor(options: AmqpOptions) {
    this.#options = options;
    this.#link = new AmqpLink(options, 'tasks');
    this.#publisher = new AmqpPublisher(this.#link, options);
  }

  async publish(queue: string, message: TaskMessage, { signal, priority }: PublishOptions = {}): Promise<void> {
    this.#assertOpen();
    signal?.throwIfAborted();
    assertQueueName(queue);
    const target = priority === 'high' ? highOf(queue) : queue;
    await this.#publisher.publish(queue, { content: encode(message) }, { signal, target });
  }

  async consume(queues: readonly string[], handler: TaskHandler, { concurrency }: { readonly concurrency: number }) {
    this.#assertOpen();
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new AltsError('invalid_request', `concurrency: ${concurrency} is not a whole number of at least 1`);
    }
    if (queues.length === 0) throw new AltsError('invalid_request', 'queues: none is named; name at least one');
    queues.forEach(assertQueueName);
    const parts = {
      link: this.#link,
      publisher: this.#publisher,
      options: this.#options,
      leaseNames: this.#leaseNames,
    };
    const consumer = new AmqpConsumer(parts, queues, handler, concurrency);
    this.#consumers.add(consumer);
    const end = async () => {
      this.#consumers.delete(consumer);
      await consumer[Symbol.asyncDispose]();
    };
    try {
      await consumer.start();
    } catch (error) {
      // A worker tries again and again. Not waited for: the broker may be what does not answer.
      void end();
      throw error;
    }
    return { [Symbol.asyncDispose]: end };
  }

  /** They are taken, and put back when the channel is closed: a classic queue has them where they were. */
  async *deadLetters(queue: string, { signal }: Abortable = {}): AsyncGenerator<DeadLetter> {
    for await (const { message } of this.#look(queue, signal)) yield deadLetterOf(message);
  }

  async settleDeadLetter(queue: string, taskId: string, how: 'requeue' | 'remove'): Promise<boolean> {
    for await (const { message, take } of this.#look(queue, undefined)) {
      if (deadLetterOf(message).message?.taskId !== taskId) continue;
      if (how === 'requeue') await this.#publisher.publish(queue, { content: message.content });
      take();
      return true;
    }
    return false;
  }

  async depth(queue: string): Promise<QueueDepth> {
    this.#assertOpen();
    assertQueueName(queue);
    return this.#withChannel(`counting what is in ${queue}`, async (channel) => {
      await declare(channel, queue, this.#options);
      const count = async (name: string) => (await channel.checkQueue(name)).messageCount;
      const waiting = (await count(highOf(queue))) + (await count(queue));
      return { waiting, retrying: await count(retryOf(queue)), dead: await count(deadOf(queue)) };
    });
  }

  async #withChannel<T>(doing: string, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    try {
      const channel = await this.#link.channel();
      try {
        return await work(channel);
      } finally {
        await channel.close().catch(() => undefined);
      }
    } catch (error) {
      throw fromAmqp(error, doing);
    }
  }

  async *#look(queue: string, signal: AbortSignal | undefined) {
    this.#assertOpen();
    assertQueueName(queue);
    try {
      const channel = await this.#link.channel(signal);
      try {
        await declare(channel, queue, this.#options);
        for (let message = await channel.get(deadOf(queue)); message; message = await channel.get(deadOf(queue))) {
          signal?.throwIfAborted();
          const found = message;
          yield { message: found, take: () => channel.ack(found) };
        }
      } finally {
        await channel.close().catch(() => undefined);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAmqp(error, `reading dead letters of ${queue}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
    await this.#link[Symbol.asyncDispose]();
  }

  #assertOpen(): void {
    if (this.#disposed) throw new AltsError('queue_unavailable', 'the queue was disposed');
  }
}

function encode(message: TaskMessage): Buffer {
  const text = JSON.stringify(message) ?? 'null';
  const value: unknown = JSON.parse(text);
  const parsed = TaskMessage.safeParse(value);
  // Who takes it parses it: what is not of a message is passed over there.
  if (parsed.success) return Buffer.from(text);
  throw new AltsError('invalid_request', `message: ${describeZodError(parsed.error, value)}`);
}

function assertQueueName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes > 0 && bytes <= MAX_NAME_BYTES) return;
  throw new AltsError(
    'invalid_request',
    `queue: ${JSON.stringify(name.slice(0, 40))} has ${bytes} bytes; a name has 1 to ${MAX_NAME_BYTES}`,
  );
}

function deadLetterOf({ content, properties }: GetMessage): DeadLetter {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const [reason, attempts] = [headers[REASON], headers[ATTEMPTS]];
  return {
    message: messageOf(content),
    reason: typeof reason === 'string' ? reason : 'the broker put it here',
    attempts: typeof attempts === 'number' ? attempts : 0,
  };
}

function messageOf(content: Buffer): TaskMessage | undefined {
  try {
    return TaskMessage.parse(JSON.parse(content.toString()));
  } catch {
    return undefined;
  }
}

/**
 * A queue on RabbitMQ, 3.10 and later; the README of this package says what an operator sees. Connects by itself, and again whenever the connection is lost.
 * @throws {AltsError} `invalid_request` for options
 */
export function amqpQueue(options: AmqpOptionsInput): Queue {
  const parsed = AmqpOptions.safeParse(options);
  if (!parsed.success)
    throw new AltsError('invalid_request', `options of queue amqp: ${describeZodError(parsed.error, {})}`);
  return new RabbitQueue(parsed.data);
}
