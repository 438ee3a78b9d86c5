import { broadcastConformance, queueConformance } from '@alts/testkit';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type RabbitMq, startRabbitMq } from '../../../fixtures/services/rabbitmq.ts';
import { amqpBroadcast } from './amqp-broadcast.ts';
import { amqpQueue } from './amqp-queue.ts';

const framework = { describe, it, afterAll };
const quick = { retryDelayMs: 0, pollMs: 20 };

describe.each(['3.10', '4.0'] as const)('RabbitMQ %s', (version) => {
  let broker: RabbitMq;
  beforeAll(async () => {
    broker = await startRabbitMq(version);
  });
  afterAll(() => broker[Symbol.asyncDispose]());

  for (const queueType of ['quorum', 'classic'] as const) {
    queueConformance({
      name: `amqpQueue on ${queueType} queues`,
      framework,
      maxAttempts: 3,
      create: () => amqpQueue({ url: broker.url, queueType, ...quick }),
    });
  }
  broadcastConformance({ name: 'amqpBroadcast', framework, create: () => amqpBroadcast({ url: broker.url }) });
});
