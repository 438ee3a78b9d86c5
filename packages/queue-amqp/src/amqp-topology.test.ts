import type { GetMessage } from 'amqplib';
import { expect, it } from 'vitest';
import { attemptOf, isUncounted } from './amqp-topology.ts';

function aMessage(headers: Record<string, unknown>, { redelivered = false } = {}): GetMessage {
  const fields = { deliveryTag: 1, redelivered, exchange: '', routingKey: 'q', messageCount: 0 };
  const properties = { headers } as GetMessage['properties'];
  return { content: Buffer.from('{}'), fields, properties };
}
const again = { redelivered: true };

it('counts the first delivery, and those that came to an end', () => {
  expect(attemptOf(aMessage({}))).toBe(1);
  expect(attemptOf(aMessage({ 'x-alts-attempts': 2 }))).toBe(3);
});

it.each([
  ['as quorum queues do until RabbitMQ 4.2', { 'x-delivery-count': 2 }],
  ['as those from 4.3 on, after nack and time-outs', { 'x-acquired-count': 2 }],
  ['as those, after a worker died and a time-out', { 'x-delivery-count': 1, 'x-acquired-count': 2 }],
])('counts what came back: %s', (_, headers) => {
  const message = aMessage({ ...headers, 'x-alts-attempts': 1 }, again);
  expect([attemptOf(message), isUncounted(message)]).toEqual([4, false]);
});

it('knows what nobody counted: a classic queue says only that it came back', () => {
  const message = aMessage({}, again);
  expect([attemptOf(message), isUncounted(message)]).toEqual([2, true]);
});
