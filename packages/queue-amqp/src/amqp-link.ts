import { EventEmitter, once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError } from '@alts/sdk/plugin';
import { type ConfirmChannel, connect, type RecoveringChannelModel } from 'amqplib';
import { credentialsOf } from './amqp-credentials.ts';
import { fromAmqp } from './amqp-errors.ts';
import type { AmqpOptions } from './amqp-options.ts';
import { inTime, NotInTime, within } from './in-time.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const TRY_AGAIN_MS = 100;

/** One connection to the broker, which comes back by itself, with a growing pause between its tries (amqplib's recovery). */
export class AmqpLink implements AsyncDisposable {
  readonly #model: Promise<RecoveringChannelModel>;
  readonly #options: AmqpOptions;
  /** Says `connected`, and `changed` whenever {@link #notReady} may have. */
  readonly #events = new EventEmitter().setMaxListeners(0);
  #connected = false;
  /** Why the broker reads nothing from this connection: an alarm. */
  #blocked: string | undefined;
  #problem: unknown;
  #disposed = false;

  constructor(options: AmqpOptions, purpose: string) {
    this.#options = options;
    this.#model = this.#connect(purpose);
    this.#model.catch(() => undefined);
  }

  async #connect(purpose: string): Promise<RecoveringChannelModel> {
    const { url, ca, cert, key, heartbeatSeconds } = this.#options;
    const address = new URL(url);
    address.searchParams.set('heartbeat', String(heartbeatSeconds));
    const model = await connect(address.href, {
      ...(ca !== undefined && { ca: [Buffer.from(ca)] }),
      ...(cert !== undefined && { cert: Buffer.from(cert) }),
      ...(key !== undefined && { key: Buffer.from(key) }),
      ...credentialsOf(address),
      clientProperties: { connection_name: `alts ${purpose} ${hostname()} ${process.pid}` },
      timeout: this.#options.timeoutMs,
      recovery: { initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS, waitForConnect: false },
    });
    model.on('connect', () => {
      this.#change({ connected: true });
      this.#events.emit('connected');
    });
    for (const event of ['disconnect', 'connect-failed', 'error'] as const) {
      model.on(event, (problem: unknown) => this.#change({ connected: false, problem }));
    }
    model.on('blocked', (reason: string) => this.#change({ connected: true, blocked: reason }));
    model.on('unblocked', () => this.#change({ connected: true }));
    return model;
  }

  #change({ connected, problem, blocked }: { connected: boolean; problem?: unknown; blocked?: string }): void {
    this.#connected = connected;
    this.#problem = problem;
    this.#blocked = blocked;
    this.#events.emit('changed');
  }

  /** Undefined: the broker is there, and takes what is sent. */
  #notReady(): AltsError | undefined {
    if (this.#disposed) return new AltsError('queue_unavailable', 'the queue was disposed');
    if (!this.#connected) return fromAmqp(this.#problem ?? new NotInTime(), 'the broker cannot be reached');
    if (this.#blocked === undefined) return undefined;
    return new AltsError('queue_unavailable', `the broker takes nothing that is published: ${this.#blocked}`);
  }

  /** Told of each connection that comes about, the first included. */
  onConnect(listener: () => void): void {
    this.#events.on('connected', listener);
    if (this.#connected) listener();
  }

  /**
   * Does what may take no longer than `timeoutMs` of the options.
   * @param doing what it is, for the message
   * @throws {AltsError} `queue_unavailable`; the signal's reason when that aborts
   */
  async limited<T>(
    doing: string,
    work: (limit: AbortSignal) => Promise<T>,
    signal?: AbortSignal | undefined,
  ): Promise<T> {
    try {
      return await within(this.#options.timeoutMs, work, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAmqp(error instanceof NotInTime ? (this.#notReady() ?? error) : error, doing);
    }
  }

  /** The same on a channel of its own, which is closed in any case, and waited for while there is time. */
  async use<T>(
    doing: string,
    work: (channel: ConfirmChannel) => Promise<T>,
    signal?: AbortSignal | undefined,
  ): Promise<T> {
    const limited = async (limit: AbortSignal) => {
      const channel = await this.channel(limit);
      try {
        return await inTime(work(channel), limit);
      } finally {
        await inTime(channel.close(), limit).catch(() => undefined);
      }
    };
    return this.limited(doing, limited, signal);
  }

  /**
   * Waits until the broker is there, and takes what is sent.
   * @throws {AltsError} `queue_unavailable` with the reason when it does not until `limit` aborts, or after disposal
   */
  async ready(limit: AbortSignal): Promise<void> {
    for (let problem = this.#notReady(); problem; problem = this.#notReady()) {
      if (this.#disposed || limit.aborted) throw problem;
      // Not by what amqplib waits with: that would go on, and open a channel for everybody who ever waited.
      await once(this.#events, 'changed', { signal: limit }).catch(() => undefined);
    }
  }

  /**
   * A channel of its own with publisher confirms; waits for the connection.
   * @throws {AltsError} `queue_unavailable` when there is none until `limit` aborts, or after disposal
   */
  async channel(limit: AbortSignal): Promise<ConfirmChannel> {
    for (;;) {
      await this.ready(limit);
      try {
        return await this.#openChannel(limit);
      } catch (error) {
        if (limit.aborted) throw error;
      }
      await sleep(TRY_AGAIN_MS, undefined, { signal: limit });
    }
  }

  /** What comes too late is closed. */
  async #openChannel(limit: AbortSignal): Promise<ConfirmChannel> {
    const opening = this.#model.then(async (model) => {
      const channel = await model.createConfirmChannel();
      // Without a listener an error that the broker raises on it would end the process.
      channel.on('error', () => undefined);
      // Each task that runs listens for its end.
      channel.setMaxListeners(0);
      return channel;
    });
    try {
      return await inTime(opening, limit);
    } catch (error) {
      opening.then(
        (channel) => channel.close().catch(() => undefined),
        () => undefined,
      );
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#events.emit('changed');
    const closing = this.#model.then((model) => model.close());
    await within(this.#options.timeoutMs, () => closing).catch(() => undefined);
  }
}
