import { AmqpOptions } from './amqp-options.ts';
import { amqpQueue } from './amqp-queue.ts';

// A worker of its own process, to be killed: takes what is in a queue, says so, and never answers.
const [, , url = '', name = '', leaseAfterMs = '', queueType = 'quorum'] = process.argv;
const options = AmqpOptions.parse({ url, leaseAfterMs, queueType, leaseMs: 1500, pollMs: 50 });
const queue = amqpQueue(options);
await queue.consume(
  [name],
  async (_, { attempt }) => {
    process.stdout.write(`took ${attempt}\n`);
    await new Promise(() => undefined);
    return 'done';
  },
  { concurrency: 1 },
);
