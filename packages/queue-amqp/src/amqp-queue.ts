import {
  type Abortable,
  AltsError,
  assertQueueName,
  type DeadLetter,
  describeZodError,
  type PublishOptions,
  type Queue,
  type QueueDepth,
  type TaskHandler,
  TaskMessage,
} from '@alts/sdk/plugin';
import { AmqpConsumer } from './amqp-consumer.ts';
import { AmqpDeadLetters } from './amqp-dead-letters.ts';
import { Declarations } from './amqp-declarations.ts';
import { AmqpLink } from './amqp-link.ts';
import { AmqpOptions, type AmqpOptionsInput } from './amqp-options.ts';
import type { AmqpParts } from './amqp-parts.ts';
import { Problems } from './amqp-problems.ts';
import { AmqpPublisher } from './amqp-publisher.ts';
import { deadOf, highOf, retryOf } from './amqp-topology.ts';
import { LeaseNames } from './lease-names.ts';

class RabbitQueue implements Queue {
  readonly contract = 'queue/1';
  readonly #link: AmqpLink;
  readonly #publishing: AmqpLink;
  readonly #parts: AmqpParts;
  readonly #deadLetters: AmqpDeadLetters;
  readonly #consumers = new Set<AmqpConsumer>();
  #disposed = false;

  constructor(options: AmqpOptions) {
    const link = new AmqpLink(options, 'tasks');
    this.#link = link;
    this.#publishing = new AmqpLink(options, 'publishing');
    const declarations = new Declarations(link, options);
    const publisher = new AmqpPublisher(this.#publishing, declarations);
    this.#parts = { options, link, declarations, publisher, leaseNames: new LeaseNames(), problems: new Problems() };
    this.#deadLetters = new AmqpDeadLetters(this.#parts);
  }

  onProblem(listener: (error: AltsError) => void): void {
    this.#parts.problems.onProblem(listener);
  }

  async publish(queue: string, message: TaskMessage, { signal, priority }: PublishOptions = {}): Promise<void> {
    this.#assertOpen();
    signal?.throwIfAborted();
    assertQueueName(queue);
    const target = priority === 'high' ? highOf(queue) : queue;
    await this.#parts.publisher.publish(queue, { content: encode(message) }, { signal, target });
  }

  async consume(queues: readonly string[], handler: TaskHandler, { concurrency }: { readonly concurrency: number }) {
    this.#assertOpen();
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new AltsError('invalid_request', `concurrency: ${concurrency} is not a whole number of at least 1`);
    }
    if (queues.length === 0) throw new AltsError('invalid_request', 'queues: none is named; name at least one');
    queues.forEach(assertQueueName);
    const consumer = new AmqpConsumer(this.#parts, queues, handler, concurrency);
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

  async *deadLetters(queue: string, { signal }: Abortable = {}): AsyncGenerator<DeadLetter> {
    this.#assertOpen();
    signal?.throwIfAborted();
    assertQueueName(queue);
    yield* await this.#deadLetters.read(queue, signal);
  }

  async settleDeadLetter(queue: string, taskId: string, how: 'requeue' | 'remove'): Promise<boolean> {
    this.#assertOpen();
    assertQueueName(queue);
    return this.#deadLetters.settle(queue, taskId, how);
  }

  async depth(queue: string): Promise<QueueDepth> {
    this.#assertOpen();
    assertQueueName(queue);
    const { link, declarations } = this.#parts;
    return declarations.having(queue, () =>
      link.use(`counting what is in ${queue}`, async (channel) => {
        const count = async (name: string) => (await channel.checkQueue(name)).messageCount;
        const waiting = (await count(highOf(queue))) + (await count(queue));
        return { waiting, retrying: await count(retryOf(queue)), dead: await count(deadOf(queue)) };
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
    await Promise.all([this.#publishing, this.#link].map((link) => link[Symbol.asyncDispose]()));
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
