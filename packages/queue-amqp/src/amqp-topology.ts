import type { Channel, GetMessage } from 'amqplib';
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

/** Counted by quorum queues: deliveries that came back, also because the connection died. */
const DELIVERY_COUNT = 'x-delivery-count';
/** Ours is the limit; the broker's own, 20 in RabbitMQ 4, must never be reached first. */
const NEVER_REACHED = 1000;

/** What a worker that died leaves is gone after an hour. */
const LEASES_KEPT_MS = 60 * 60_000;

/** A quorum queue lets go of what expires when the other queue has confirmed it (RabbitMQ 3.10 and later). */
const AT_LEAST_ONCE = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };

const declared = new WeakMap<Channel, Set<string>>();

/** Declares a queue and those that belong to it; once for each channel, for a new connection may be to a new broker. */
export async function declare(channel: Channel, queue: string, { queueType }: AmqpOptions): Promise<void> {
  const known = declared.get(channel) ?? new Set<string>();
  declared.set(channel, known);
  if (known.has(queue)) return;
  const quorum = queueType === 'quorum';
  for (const name of [queue, highOf(queue)]) {
    await channel.assertQueue(name, {
      durable: true,
      arguments: { 'x-queue-type': queueType, ...(quorum && { 'x-delivery-limit': NEVER_REACHED }) },
    });
  }
  // Classic: looking at them puts them back, and a quorum queue counts that and changes their order.
  await channel.assertQueue(deadOf(queue), { durable: true, arguments: { 'x-queue-type': 'classic' } });
  await channel.assertQueue(retryOf(queue), {
    durable: true,
    arguments: { 'x-queue-type': queueType, ...backTo(queue), ...(quorum && AT_LEAST_ONCE) },
  });
  known.add(queue);
}

/**
 * Of a queue that holds one task: what is not renewed goes back to the queue of tasks, and the queue goes when nobody
 * looked into it for long.
 */
export function leaseArguments(queue: string, { queueType, leaseMs }: AmqpOptions): Record<string, unknown> {
  const quorum = queueType === 'quorum' && { ...AT_LEAST_ONCE, 'x-delivery-limit': NEVER_REACHED };
  const times = { 'x-message-ttl': leaseMs, 'x-expires': Math.max(leaseMs * 10, LEASES_KEPT_MS) };
  return { 'x-queue-type': queueType, ...times, ...backTo(queue), ...quorum };
}

/** What expires in a queue goes to another. */
function backTo(queue: string): Record<string, unknown> {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue };
}

/** Which delivery of a task this is, from 1. */
export function attemptOf({ properties: { headers }, fields: { redelivered } }: GetMessage): number {
  const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
  const again = headers?.[DELIVERY_COUNT] === undefined ? Number(redelivered) : count(headers[DELIVERY_COUNT]);
  return count(headers?.[ATTEMPTS]) + again + 1;
}

/** It came back, and its queue does not say how often: one that is not a quorum queue. */
export function isUncounted({ properties: { headers }, fields: { redelivered } }: GetMessage): boolean {
  return redelivered && headers?.[DELIVERY_COUNT] === undefined;
}
