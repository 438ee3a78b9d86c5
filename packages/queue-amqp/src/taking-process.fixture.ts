import { type Channel, connect } from 'amqplib';
import { AmqpOptions } from './amqp-options.ts';
import { amqpQueue } from './amqp-queue.ts';

// A worker of its own process, to be killed: takes what is in a queue, says so, and never answers. At a renewal it kills
// itself where it hurts most: when it has just got a message of its lease.
const [, , url = '', name = '', leaseAfterMs = '', queueType = 'quorum', diesAt = ''] = process.argv;
if (diesAt === 'renewal') await dieAtRenewal();
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

async function dieAtRenewal(): Promise<void> {
  const connection = await connect(url);
  let proto: Channel = await connection.createChannel();
  while (!Object.hasOwn(proto, 'get')) proto = Object.getPrototypeOf(proto);
  const { get } = proto;
  proto.get = async function (this: Channel, queue, ...options) {
    const message = await get.call(this, queue, ...options);
    if (message && queue.includes('.lease.')) process.kill(process.pid, 'SIGKILL');
    return message;
  };
  await connection.close();
}
