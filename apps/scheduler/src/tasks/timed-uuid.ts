import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562, section 5.7): those that are made one after the other sort so, and stand side by side in
 * the index of a table, where random ones are each in a page of their own.
 */
export function timedUuid(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  // Of a random one the variant and all that is random; Node has many of them in stock.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
