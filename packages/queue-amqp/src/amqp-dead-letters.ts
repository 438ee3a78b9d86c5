import { setTimeout as sleep } from 'node:timers/promises';
import { type DeadLetter, TaskMessage } from '@alts/sdk/plugin';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { AmqpParts } from './amqp-parts.ts';
import { ATTEMPTS, DIED_AT, deadOf, REASON } from './amqp-topology.ts';
import { within } from './in-time.ts';

/** How long is waited for what was looked at to be there again; others may have taken it. */
const BACK_WITHIN_MS = 1000;
const LOOK_AGAIN_MS = 10;
const OF_THE_BROKER: Readonly<Record<string, string>> = {
  delivery_limit: 'the broker gave up: it came back too often',
  expired: 'the broker put it here: it waited for too long',
  maxlen: 'the broker put it here: its queue was full',
};

type Look = (message: GetMessage) => Promise<'go on' | 'take'>;

/**
 * Looks at the dead letters of a queue: they are taken, and put back. One look at a time, for a second one would see only
 * what the first one has not taken yet.
 */
export class AmqpDeadLetters {
  readonly #parts: Pick<AmqpParts, 'link' | 'declarations' | 'publisher'>;
  readonly #turns = new Map<string, Promise<void>>();

  constructor(parts: Pick<AmqpParts, 'link' | 'declarations' | 'publisher'>) {
    this.#parts = parts;
  }

  /**
   * All of them, oldest first.
   * @throws {AltsError} `queue_unavailable`; the signal's reason when that aborts
   */
  async read(queue: string, signal: AbortSignal | undefined): Promise<DeadLetter[]> {
    const messages: GetMessage[] = [];
    const look: Look = async (message) => {
      messages.push(message);
      return 'go on';
    };
    await this.#inTurn(queue, () => this.#look(queue, look, signal));
    // A quorum queue has in no order what was put back.
    return messages.sort((a, b) => diedAt(a) - diedAt(b)).map(deadLetterOf);
  }

  /**
   * Takes out the one of a task.
   * @returns false: there is none
   * @throws {AltsError} `queue_unavailable`
   */
  async settle(queue: string, taskId: string, how: 'requeue' | 'remove'): Promise<boolean> {
    const look: Look = async (message) => {
      if (messageOf(message.content)?.taskId !== taskId) return 'go on';
      if (how === 'requeue') await this.#parts.publisher.publish(queue, { content: message.content });
      return 'take';
    };
    return this.#inTurn(queue, () => this.#look(queue, look, undefined));
  }

  async #inTurn<T>(queue: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(queue);
    const working = (async () => {
      await before;
      return work();
    })();
    const turn = working.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(queue, turn);
    try {
      return await working;
    } finally {
      if (this.#turns.get(queue) === turn) this.#turns.delete(queue);
    }
  }

  /** Looks until one is taken: then true. */
  #look(queue: string, look: Look, signal: AbortSignal | undefined): Promise<boolean> {
    const { link, declarations } = this.#parts;
    const doing = `reading dead letters of ${queue}`;
    return declarations.having(queue, async () => {
      const channel = await link.limited(doing, (limit) => link.channel(limit), signal);
      let seen = 0;
      try {
        for (;;) {
          const message = await link.limited(doing, () => channel.get(deadOf(queue)), signal);
          if (!message) return false;
          seen += 1;
          if ((await look(message)) === 'go on') continue;
          channel.ack(message);
          seen -= 1;
          return true;
        }
      } finally {
        await within(BACK_WITHIN_MS, (limit) => putBack(channel, { queue: deadOf(queue), seen, limit })).catch(
          () => undefined,
        );
        void channel.close().catch(() => undefined);
      }
    });
  }
}

/** A quorum queue has them a little later than it is told: the next look shall see them all. */
async function putBack(
  channel: ConfirmChannel,
  { queue, seen, limit }: { readonly queue: string; readonly seen: number; readonly limit: AbortSignal },
): Promise<void> {
  channel.nackAll(true);
  while ((await channel.checkQueue(queue)).messageCount < seen && !limit.aborted) await sleep(LOOK_AGAIN_MS);
}

function deadLetterOf({ content, properties }: GetMessage): DeadLetter {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const [reason, attempts] = [headers[REASON], headers[ATTEMPTS]];
  return {
    message: messageOf(content),
    reason: typeof reason === 'string' ? reason : reasonOfBroker(headers),
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

/** What a broker says of a message that it put into another queue, the last time first. */
function lastDeath(headers: Record<string, unknown>): { readonly reason?: unknown; readonly time?: unknown } {
  const deaths = headers['x-death'];
  const last: unknown = Array.isArray(deaths) ? deaths[0] : undefined;
  return typeof last === 'object' && last !== null ? last : {};
}

function reasonOfBroker(headers: Record<string, unknown>): string {
  const { reason } = lastDeath(headers);
  const known = typeof reason === 'string' ? (OF_THE_BROKER[reason] ?? `the broker put it here: ${reason}`) : undefined;
  return known ?? 'the broker put it here';
}

/** Milliseconds since 1970; of what nobody knows it: since ever. */
function diedAt({ properties }: GetMessage): number {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const at = headers[DIED_AT];
  if (typeof at === 'number') return at;
  const { time } = lastDeath(headers);
  // AMQP has seconds, and amqplib a type for them.
  const seconds: unknown = typeof time === 'object' && time !== null && 'value' in time ? time.value : undefined;
  return typeof seconds === 'number' ? seconds * 1000 : 0;
}
