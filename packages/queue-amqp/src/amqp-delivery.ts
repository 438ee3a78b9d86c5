import { setTimeout as sleep } from 'node:timers/promises';
import { type Delivery, describeZodError, type TaskHandler, TaskMessage } from '@alts/sdk/plugin';
import { fromAmqp } from './amqp-errors.ts';
import { giveBack, Hold } from './amqp-hold.ts';
import type { AmqpParts } from './amqp-parts.ts';
import type { TakenMessage } from './amqp-source.ts';
import { ATTEMPTS, attemptOf, DIED_AT, deadOf, highOf, isUncounted, REASON, retryOf } from './amqp-topology.ts';

export interface Arrival extends TakenMessage {
  /** Called when a task is passed on to others. */
  readonly onPass: () => void;
}

interface End {
  readonly reason: string;
  readonly attempts: number;
}

const placeOf = ({ queue }: TakenMessage): string => `answering messages of ${queue}`;

/** Hands one message to the handler, holds it while that runs, and does with it what the handler answers. Never rejects. */
export async function deliver(parts: AmqpParts, arrival: Arrival, handler: TaskHandler): Promise<void> {
  const attempt = attemptOf(arrival.message);
  const task = parse(arrival.message.content);
  const { maxAttempts } = parts.options;
  if (typeof task === 'string')
    return orLater(parts, arrival, bury(parts, arrival, { reason: task, attempts: attempt }));
  if (attempt > maxAttempts) {
    const reason = `gave up after ${maxAttempts} attempts: the last worker died, or lost its connection`;
    return orLater(parts, arrival, bury(parts, arrival, { reason, attempts: maxAttempts }));
  }
  if (isUncounted(arrival.message)) return orLater(parts, arrival, countAnew(parts, arrival, attempt));
  const hold = new Hold(parts, arrival, attempt);
  const answer = await answerOf(handler, task, { attempt, lost: hold.lost });
  if (hold.lost.aborted) return hold.forget();
  try {
    await put(parts, arrival, answer, attempt);
    await hold.settle();
    parts.problems.over(placeOf(arrival));
  } catch (error) {
    // The broker is away for longer than it is waited for: the task comes again.
    parts.problems.tell(placeOf(arrival), fromAmqp(error, placeOf(arrival)));
    await hold.abandon();
  }
}

/** What can neither be buried nor counted comes again, and not at once: it would do so without an end. */
async function orLater({ problems, options }: AmqpParts, arrival: Arrival, answering: Promise<void>): Promise<void> {
  try {
    await answering;
    problems.over(placeOf(arrival));
  } catch (error) {
    problems.tell(placeOf(arrival), fromAmqp(error, placeOf(arrival)));
    await sleep(options.pollMs);
    giveBack(arrival);
  }
}

/** Puts a task where its handler's answer wants it. */
async function put(parts: AmqpParts, arrival: Arrival, answer: Answer, attempts: number): Promise<void> {
  if (answer === 'done') return;
  if (answer === 'pass') {
    // Before, for its other slots; and again when the broker has it, which may take longer than the rest.
    arrival.onPass();
    await passOn(parts, arrival, attempts);
    return arrival.onPass();
  }
  if ('reject' in answer) return publishDead(parts, arrival, { reason: answer.reject, attempts });
  return tryAgain(parts, arrival, { reason: answer.retry, attempts });
}

/** A classic queue does not count what came back: a copy does, before anybody works on it. */
async function countAnew({ publisher }: AmqpParts, { queue, message, channel }: TakenMessage, attempt: number) {
  await publisher.publish(queue, { content: message.content, headers: { [ATTEMPTS]: attempt - 1 } });
  channel.ack(message);
}

/** First of all, to whoever looks next. */
async function passOn({ publisher }: AmqpParts, { queue, message }: TakenMessage, attempt: number): Promise<void> {
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

/** A header is one of many in a frame; RabbitMQ's frames have 128 KiB. */
const MAX_REASON = 4000;

async function publishDead({ publisher }: AmqpParts, { queue, message }: TakenMessage, { reason, attempts }: End) {
  const headers = { [ATTEMPTS]: attempts, [REASON]: reason.slice(0, MAX_REASON), [DIED_AT]: Date.now() };
  await publisher.publish(queue, { content: message.content, headers }, { target: deadOf(queue) });
}

async function bury(parts: AmqpParts, taken: TakenMessage, end: End): Promise<void> {
  await publishDead(parts, taken, end);
  taken.channel.ack(taken.message);
}

/** After a while, and not for ever. */
async function tryAgain(parts: AmqpParts, taken: TakenMessage, { reason, attempts }: End): Promise<void> {
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
