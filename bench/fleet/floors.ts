import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { amqpQueue } from '@alts/queue-amqp';
import { TaskMessage } from '@alts/sdk';
import { connect } from 'amqplib';

/** A server of Node that reads a body and answers 201, and does nothing else: what HTTP itself costs here. */
export async function bareServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"x"}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const SIDE_BY_SIDE = 200;

/** Messages a second that the broker has confirmed: by amqplib alone, and by the queue. */
export async function measurePublishing(broker: string, count: number): Promise<{ raw: number; queue: number }> {
  const request = { package: { name: 'hello' }, system: 'debian:12/x86_64' };
  const message = TaskMessage.parse({ schemaVersion: 1, taskId: 'bench', request });
  const content = Buffer.from(JSON.stringify(message));
  const connection = await connect(broker);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('bench-raw', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  const publishRaw = () =>
    new Promise<void>((resolve, reject) => {
      const options = { persistent: true, mandatory: true };
      channel.publish('', 'bench-raw', content, options, (error) => (error ? reject(error) : resolve()));
    });
  await using queue = amqpQueue({ url: broker });
  const publish = () => queue.publish('bench-queue', message);
  const both = { raw: 0, queue: 0 };
  await publishRaw();
  await publish();
  // In turns, so that what disturbs the machine disturbs both.
  for (const _ of [1, 2, 3]) {
    both.raw = Math.max(both.raw, await perSecond(publishRaw, count));
    both.queue = Math.max(both.queue, await perSecond(publish, count));
  }
  await channel.deleteQueue('bench-raw');
  await connection.close();
  return both;
}

async function perSecond(work: () => Promise<void>, count: number): Promise<number> {
  let left = count;
  const started = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, one));
  return count / ((performance.now() - started) / 1000);
}
