import { AltsError, type Broadcast, BroadcastEvent, describeZodError, type TaskEvent } from '@alts/sdk/plugin';
import type { ConfirmChannel, Message } from 'amqplib';
import { fromAmqp } from './amqp-errors.ts';
import { AmqpLink } from './amqp-link.ts';
import { AmqpOptions, type AmqpOptionsInput } from './amqp-options.ts';
import { Problems } from './amqp-problems.ts';
import { inTime } from './in-time.ts';

const EXCHANGE = 'alts.events';
/** What one process may have waiting at the broker; then the oldest go. */
const MAX_WAITING = 10_000;
/** What waits here for the broker to come back; what comes then is dropped. */
const MAX_HELD = 1000;
const OPEN_AGAIN_MS = 500;
/** Every routing key. */
const ALL = '#';
/** Routing key of what workers say of themselves: no id of a task has a space. */
const WORKERS = 'of workers';

const PASSING = 'passing events';

type Listener = (event: BroadcastEvent) => void;

class RabbitBroadcast implements Broadcast {
  readonly contract = 'broadcast/1';
  readonly #link: AmqpLink;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #problems = new Problems();
  #channel: ConfirmChannel | undefined;
  #queue: string | undefined;
  #held: BroadcastEvent[] = [];
  #isFull = false;
  #opening: Promise<void> | undefined;
  #disposed = false;

  constructor(options: AmqpOptions) {
    this.#link = new AmqpLink(options, 'events');
    this.#link.onConnect(() => this.#ensure());
  }

  onProblem(listener: (error: AltsError) => void): void {
    this.#problems.onProblem(listener);
  }

  emit(event: BroadcastEvent): void {
    if (this.#disposed || this.#isFull) return;
    if (!this.#channel) {
      if (this.#held.length < MAX_HELD) this.#held.push(event);
      return;
    }
    try {
      const content = Buffer.from(JSON.stringify(event));
      this.#isFull = !this.#channel.publish(EXCHANGE, keyOf(event), content, { contentType: 'application/json' });
    } catch {
      // Best effort: an event that cannot be sent is dropped.
    }
  }

  on(taskId: string, listener: (event: TaskEvent) => void): AsyncDisposable {
    return this.#add(taskId, (event) => event.kind !== 'worker' && listener(event));
  }

  onAll(listener: Listener): AsyncDisposable {
    return this.#add(ALL, listener);
  }

  #add(key: string, listener: Listener): AsyncDisposable {
    // A wrapper of its own: the same function may listen twice, and each is disposed alone.
    const own: Listener = (event) => listener(event);
    const listeners = this.#listeners.get(key) ?? new Set();
    if (listeners.size === 0) void this.#bind(key);
    this.#listeners.set(key, listeners.add(own));
    return {
      [Symbol.asyncDispose]: async () => {
        listeners.delete(own);
        if (listeners.size > 0 || this.#listeners.get(key) !== listeners) return;
        this.#listeners.delete(key);
        // Not waited for: while memory or disk of the broker run out it answers nobody who publishes.
        void this.#unbind(key);
      },
    };
  }

  async #bind(key: string): Promise<void> {
    if (this.#channel && this.#queue !== undefined) {
      await this.#channel.bindQueue(this.#queue, EXCHANGE, key).catch(() => undefined);
    }
  }

  async #unbind(key: string): Promise<void> {
    if (this.#channel && this.#queue !== undefined) {
      await this.#channel.unbindQueue(this.#queue, EXCHANGE, key).catch(() => undefined);
    }
  }

  /** Opens a channel where there is none, again and again until there is one. */
  #ensure(): void {
    if (this.#disposed || this.#channel || this.#opening) return;
    this.#opening = this.#tryOpen().finally(() => {
      this.#opening = undefined;
      if (!this.#channel) setTimeout(() => this.#ensure(), OPEN_AGAIN_MS).unref();
    });
  }

  async #tryOpen(): Promise<void> {
    try {
      await this.#link.limited(PASSING, (limit) => this.#open(limit));
      this.#problems.over(PASSING);
    } catch (error) {
      if (!this.#disposed) this.#problems.tell(PASSING, fromAmqp(error, PASSING));
    }
  }

  /** On each connection anew: the queue went with the last one. */
  async #open(limit: AbortSignal): Promise<void> {
    const channel = await this.#link.channel(limit);
    channel.once('close', () => {
      if (this.#channel !== channel) return;
      this.#channel = undefined;
      this.#ensure();
    });
    channel.on('drain', () => {
      this.#isFull = false;
    });
    try {
      this.#queue = await inTime(this.#prepare(channel), limit);
      this.#channel = channel;
      this.#isFull = false;
      // Those that began to listen in the meantime.
      await inTime(Promise.all([...this.#listeners.keys()].map((key) => this.#bind(key))), limit);
    } catch (error) {
      void channel.close().catch(() => undefined);
      throw error;
    }
    for (const event of this.#held.splice(0)) this.emit(event);
  }

  /** @returns the name of a queue of this process, with what its listeners want to hear */
  async #prepare(channel: ConfirmChannel): Promise<string> {
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      arguments: { 'x-max-length': MAX_WAITING, 'x-overflow': 'drop-head' },
    });
    for (const key of this.#listeners.keys()) await channel.bindQueue(queue, EXCHANGE, key);
    // Without a message: somebody removed the queue.
    const onMessage = (message: Message | null) => (message ? this.#deliver(message.content) : void channel.close());
    await channel.consume(queue, onMessage, { noAck: true });
    return queue;
  }

  #deliver(content: Buffer): void {
    const event = parse(content);
    if (!event) return;
    for (const key of [keyOf(event), ALL]) {
      for (const listener of this.#listeners.get(key) ?? []) tell(listener, event);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#listeners.clear();
    await this.#link[Symbol.asyncDispose]();
  }
}

const keyOf = (event: BroadcastEvent): string => ('taskId' in event ? event.taskId : WORKERS);

function parse(content: Buffer): BroadcastEvent | undefined {
  try {
    return BroadcastEvent.parse(JSON.parse(content.toString()));
  } catch {
    return undefined;
  }
}

/** A fault of one listener, at once or later, is its own affair. */
function tell(listener: Listener, event: BroadcastEvent): void {
  try {
    const returned: unknown = listener(event);
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // Nobody else is hurt.
  }
}

/**
 * Events and cancellations on RabbitMQ, by a topic exchange. Connects by itself, and again whenever the connection is lost.
 * @throws {AltsError} `invalid_request` for options
 */
export function amqpBroadcast(options: AmqpOptionsInput): Broadcast {
  const parsed = AmqpOptions.safeParse(options);
  if (!parsed.success) {
    throw new AltsError('invalid_request', `options of broadcast amqp: ${describeZodError(parsed.error, {})}`);
  }
  return new RabbitBroadcast(parsed.data);
}
