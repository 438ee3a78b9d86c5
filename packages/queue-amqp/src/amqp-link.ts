import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError } from '@alts/sdk/plugin';
import { type ConfirmChannel, connect, type RecoveringChannelModel } from 'amqplib';
import { credentialsOf } from './amqp-credentials.ts';
import { fromAmqp } from './amqp-errors.ts';
import type { AmqpOptions } from './amqp-options.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const TRY_AGAIN_MS = 100;

/** One connection to the broker, which comes back by itself, with a growing pause between its tries (amqplib's recovery). */
export class AmqpLink implements AsyncDisposable {
  readonly #model: Promise<RecoveringChannelModel>;
  readonly #options: AmqpOptions;
  readonly #reconnected = new Set<() => void>();
  #connected = false;
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
      this.#connected = true;
      for (const told of this.#reconnected) told();
    });
    model.on('disconnect', (error) => this.#lost(error));
    model.on('connect-failed', (error) => this.#lost(error));
    model.on('error', (error) => this.#lost(error));
    return model;
  }

  #lost(error: unknown): void {
    this.#connected = false;
    this.#problem = error;
  }

  /** Told of each connection that comes about, the first included. */
  onConnect(listener: () => void): void {
    this.#reconnected.add(listener);
    if (this.#connected) listener();
  }

  /**
   * A channel of its own with publisher confirms; waits for the connection.
   * @throws {AltsError} `queue_unavailable` when there is none within the time limit, or after disposal
   */
  async channel(signal?: AbortSignal): Promise<ConfirmChannel> {
    const until = AbortSignal.timeout(this.#options.timeoutMs);
    for (;;) {
      signal?.throwIfAborted();
      if (this.#disposed) throw new AltsError('queue_unavailable', 'the queue was disposed');
      try {
        return await this.#openChannel(signal ? AbortSignal.any([until, signal]) : until);
      } catch (error) {
        signal?.throwIfAborted();
        if (until.aborted) throw fromAmqp(this.#problem ?? error, 'the broker cannot be reached');
      }
      await sleep(TRY_AGAIN_MS, undefined, { signal });
    }
  }

  /** While there is no connection amqplib waits for one, however long; what comes too late is closed. */
  async #openChannel(limit: AbortSignal): Promise<ConfirmChannel> {
    const opening = this.#model.then((model) => model.createConfirmChannel());
    const { promise: over, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(limit.reason);
    limit.addEventListener('abort', onAbort, { once: true });
    try {
      const channel = await Promise.race([opening, over]);
      // Without a listener an error that the broker raises on it would end the process.
      channel.on('error', () => undefined);
      // Each task that runs listens for its end.
      channel.setMaxListeners(0);
      return channel;
    } catch (error) {
      opening.then(
        (channel) => channel.close().catch(() => undefined),
        () => undefined,
      );
      throw error;
    } finally {
      limit.removeEventListener('abort', onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await (await this.#model.catch(() => undefined))?.close().catch(() => undefined);
  }
}
