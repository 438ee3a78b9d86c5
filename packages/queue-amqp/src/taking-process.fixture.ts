import { amqpQueue } from './amqp-queue.ts';

// A worker of its own process, to be killed: takes what is in a queue, says so, and never answers.
const [, , url = '', name = '', leaseAfterMs = ''] = process.argv;
const queue = amqpQueue({ url, leaseAfterMs: Number(leaseAfterMs), leaseMs: 1500, pollMs: 50 });
await queue.consume(
  [name],
  async (_, { attempt }) => {
    process.stdout.write(`took ${attempt}\n`);
    await new Promise(() => undefined);
    return 'done';
  },
  { concurrency: 1 },
);
