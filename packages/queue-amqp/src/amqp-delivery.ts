import { type Delivery, describeZodError, type TaskHandler, TaskMessage } from '@alts/sdk/plugin';
import type { Channel, GetMessage } from 'amqplib';
import { AmqpLease, type LeaseParts } from './amqp-lease.ts';
import { ATTEMPTS, attemptOf, deadOf, highOf, isUncounted, REASON, retryOf } from './amqp-topology.ts';

/** A message that was taken, and what it takes to answer it. */
export interface TakenMessage {
  readonly channel: Channel;
  readonly queue: string;
  readonly message: GetMessage;
  /** Called when a task is passed on to others. */
  readonly onPass: () => void;
}

/** Hands one message to the handler, holds it while that runs, and does with it what the handler answers. */
export async function deliver(parts: LeaseParts, taken: TakenMessage, handler: TaskHandler): Promise<void> {
  const { message } = taken;
  const attempt = attemptOf(message);
  const task = parse(message.content);
  if (typeof task === 'string') return bury(parts, taken, { reason: task, attempts: attempt });
  const { maxAttempts } = parts.options;
  if (attempt > maxAttempts) {
    const reason = `gave up after ${maxAttempts} attempts: the last worker died, or lost its connection`;
    return bury(parts, taken, { reason, attempts: maxAttempts });
  }
  if (isUncounted(message)) return countAnew(parts, taken, attempt);
  const hold = new Hold(parts, taken, attempt);
  const answer = await answerOf(handler, task, { attempt, lost: hold.lost });
  if (hold.lost.aborted) return hold.forget();
  try {
    if (typeof answer === 'object' && 'reject' in answer) {
      await publishDead(parts, taken, { reason: answer.reject, attempts: attempt });
    } else if (answer === 'pass') {
      // Before, for its other slots; and again when the broker has it, which may take longer than the rest.
      taken.onPass();
      await passOn(parts, taken, attempt);
      taken.onPass();
    } else if (answer !== 'done') await tryAgain(parts, taken, { reason: answer.retry, attempts: attempt });
    await hold.settle();
  } catch {
    // The broker is away for longer than it is waited for: the task comes again.
    await hold.abandon();
  }
}

/** A classic queue does not count what came back: a copy does, before anybody works on it. */
async function countAnew({ publisher }: LeaseParts, { queue, message, channel }: TakenMessage, attempt: number) {
  await publisher.publish(queue, { content: message.content, headers: { [ATTEMPTS]: attempt - 1 } });
  channel.ack(message);
}

/** First of all, to whoever looks next. */
async function passOn({ publisher }: LeaseParts, { queue, message }: TakenMessage, attempt: number): Promise<void> {
  const publication = { content: message.content, headers: { [ATTEMPTS]: attempt - 1 } };
  await publisher.publish(queue, publication, { target: highOf(queue) });
}

type Answer = 'done' | 'pass' | { readonly retry: string } | { readonly reject: string };

async function answerOf(handler: TaskHandler, task: TaskMessage, delivery: Delivery): Promise<Answer> {
  try {
    const answer = await handler(task, delivery);
    return answer === 'retry' ? { retry: 'its handler asked for another try' } : answer;
  } catch (error) {
    return { retry: error instanceof Error ? error.message : String(error) };
  }
}

function parse(content: Buffer): TaskMessage | string {
  try {
    const value: unknown = JSON.parse(content.toString());
    const parsed = TaskMessage.safeParse(value);
    return parsed.success ? parsed.data : `not a task: ${describeZodError(parsed.error, value)}`;
  } catch {
    return 'not a task: no JSON';
  }
}

interface End {
  readonly reason: string;
  readonly attempts: number;
}
/** A header is one of many in a frame; RabbitMQ's frames have 128 KiB. */
const MAX_REASON = 4000;

async function publishDead({ publisher }: LeaseParts, { queue, message }: TakenMessage, { reason, attempts }: End) {
  const headers = { [ATTEMPTS]: attempts, [REASON]: reason.slice(0, MAX_REASON) };
  await publisher.publish(queue, { content: message.content, headers }, { target: deadOf(queue) });
}

async function bury(parts: LeaseParts, taken: TakenMessage, end: End): Promise<void> {
  await publishDead(parts, taken, end);
  taken.channel.ack(taken.message);
}

/** After a while, and not for ever. */
async function tryAgain(parts: LeaseParts, taken: TakenMessage, { reason, attempts }: End): Promise<void> {
  const { publisher, options } = parts;
  if (attempts >= options.maxAttempts) {
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    return publishDead(parts, taken, { reason: `gave up after ${tries}: ${reason}`, attempts });
  }
  const { queue, message } = taken;
  const headers = { [ATTEMPTS]: attempts };
  const publication = { content: message.content, headers, expiresInMs: options.retryDelayMs };
  return publisher.publish(queue, publication, { target: retryOf(queue) });
}

/** Keeps a task for its handler: as an unacknowledged message at first, by a lease when that takes long. */
class Hold {
  readonly #parts: LeaseParts;
  readonly #taken: TakenMessage;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #onClose: () => void;
  #taking: Promise<AmqpLease | undefined> | undefined;

  constructor(parts: LeaseParts, taken: TakenMessage, attempt: number) {
    this.#parts = parts;
    this.#taken = taken;
    this.#onClose = () => this.#lost.abort();
    taken.channel.once('close', this.#onClose);
    this.#timer = setTimeout(() => {
      this.#taking = this.#take(attempt);
    }, parts.options.leaseAfterMs);
  }

  /** Aborts when the broker took the task back. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async #take(attempt: number): Promise<AmqpLease | undefined> {
    const { queue, message, channel } = this.#taken;
    const task = { queue, content: message.content, headers: { [ATTEMPTS]: attempt } };
    const lease = await AmqpLease.take(this.#parts, task, () => this.#lost.abort()).catch(() => undefined);
    // Without a lease it stays an unacknowledged message; if the channel died meanwhile, it is lost, and the lease as well.
    if (!lease || this.#lost.signal.aborted) return lease;
    channel.ack(message);
    channel.off('close', this.#onClose);
    return lease;
  }

  /** The task is done with. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    const lease = await this.#taking;
    this.#taken.channel.off('close', this.#onClose);
    if (lease) await lease.release();
    else this.#taken.channel.ack(this.#taken.message);
  }

  /** The task is somebody else's, or will be: what still holds it runs out by itself. */
  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    (await this.#taking)?.abandon();
  }

  /** The task cannot be answered: it comes again, at once, or when its lease has run out. */
  async abandon(): Promise<void> {
    clearTimeout(this.#timer);
    const lease = await this.#taking;
    this.#taken.channel.off('close', this.#onClose);
    if (lease) return lease.abandon();
    try {
      this.#taken.channel.nack(this.#taken.message, false, true);
    } catch {
      // The channel is closed, and the broker has put it back.
    }
  }
}
