import type { GetMessage, Options } from 'amqplib';
import type { AmqpOptions } from './amqp-options.ts';

/** Of a queue of tasks: those that nobody shall try again, and those that wait to be. */
export const deadOf = (queue: string): string => `${queue}.dead`;
/** What goes first: priorities of quorum queues are of RabbitMQ 4.0 alone. */
export const highOf = (queue: string): string => `${queue}.high`;
export const retryOf = (queue: string): string => `${queue}.retry`;
/** What one task at a time is held in while it runs long. */
export const leaseOf = (queue: string, id: string): string => `${queue}.lease.${id}`;

/** Attempts that came to an end, over all the queues that the task was in. */
export const ATTEMPTS = 'x-alts-attempts';
/** Of a dead letter: why. */
export const REASON = 'x-alts-reason';
/** Of a dead letter: since when, in milliseconds since 1970. */
export const DIED_AT = 'x-alts-died-at';

/** Counted by quorum queues: deliveries that came back, also because the connection died. */
const DELIVERY_COUNT = 'x-delivery-count';
/** The same from RabbitMQ 4.3 on, where the other one leaves out what was answered by `nack`, or came back after a time-out. */
const ACQUIRED_COUNT = 'x-acquired-count';
/** Of deliveries that nobody looked at: ours is `maxAttempts`, 100 at most, and the broker's own, 20 in RabbitMQ 4, must not be reached first. */
const DELIVERY_LIMIT = 200;
/** Dead letters are given out and taken back whenever they are looked at. */
const NEVER_REACHED = 1_000_000_000;
/** Then the oldest go: they are for people to look at, and are read all at once. */
const MAX_DEAD = 10_000;

/** What a worker that died leaves is gone after an hour. */
const LEASES_KEPT_MS = 60 * 60_000;

/** A quorum queue lets go of what expires when the other queue has confirmed it (RabbitMQ 3.10 and later). */
const AT_LEAST_ONCE = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };

/** A queue of tasks and those that belong to it, with what they are declared by. */
export function declarationsOf(queue: string, { queueType }: AmqpOptions): [string, Options.AssertQueue][] {
  const quorum = queueType === 'quorum';
  const tasks = { ...goesTo(deadOf(queue)), ...(quorum && { ...AT_LEAST_ONCE, 'x-delivery-limit': DELIVERY_LIMIT }) };
  const retry = { ...goesTo(queue), ...(quorum && AT_LEAST_ONCE) };
  const dead = { 'x-max-length': MAX_DEAD, ...(quorum && { 'x-delivery-limit': NEVER_REACHED }) };
  const all = { [deadOf(queue)]: dead, [queue]: tasks, [highOf(queue)]: tasks, [retryOf(queue)]: retry };
  return Object.entries(all).map(([name, own]) => [
    name,
    { durable: true, arguments: { 'x-queue-type': queueType, ...own } },
  ]);
}

/**
 * Of a queue that holds one task: what is not renewed goes back to the queue of tasks, and the queue goes when nobody
 * looked into it for long.
 */
export function leaseArguments(queue: string, { queueType, leaseMs }: AmqpOptions): Record<string, unknown> {
  const quorum = queueType === 'quorum' && { ...AT_LEAST_ONCE, 'x-delivery-limit': DELIVERY_LIMIT };
  const times = { 'x-message-ttl': leaseMs, 'x-expires': Math.max(leaseMs * 10, LEASES_KEPT_MS) };
  return { 'x-queue-type': queueType, ...times, ...goesTo(queue), ...quorum };
}

/** What expires in a queue, or was delivered too often, goes to another. */
function goesTo(queue: string): Record<string, unknown> {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue };
}

/** Of a message that came back: how often; undefined where its queue does not count that. */
function returnsOf({ properties: { headers } }: GetMessage): number | undefined {
  const counts = [headers?.[DELIVERY_COUNT], headers?.[ACQUIRED_COUNT]].filter((count) => typeof count === 'number');
  return counts.length === 0 ? undefined : Math.max(0, ...counts);
}

/** Which delivery of a task this is, from 1. */
export function attemptOf(message: GetMessage): number {
  const ended: unknown = message.properties.headers?.[ATTEMPTS];
  const again = returnsOf(message) ?? Number(message.fields.redelivered);
  return (typeof ended === 'number' && ended > 0 ? ended : 0) + again + 1;
}

/** It came back, and its queue does not say how often: one that is not a quorum queue. */
export function isUncounted(message: GetMessage): boolean {
  return message.fields.redelivered && returnsOf(message) === undefined;
}
