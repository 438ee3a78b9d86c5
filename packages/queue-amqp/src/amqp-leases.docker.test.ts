import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { TaskHandler } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { aTask, CONSUMER_TIMEOUT, one, sleep, TestBroker, VERSIONS } from './amqp-broker.fixture.ts';

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);

describe.each(VERSIONS)('RabbitMQ %s', (version) => {
  const broker = new TestBroker(version, { consumerTimeoutMs: CONSUMER_TIMEOUT });

  it('delivers a task that takes longer than the broker allows once, and leaves nothing of it', async () => {
    const name = `long-${randomUUID()}`;
    const deliveries: number[] = [];
    let lost = true;
    const handler: TaskHandler = async (_, delivery) => {
      deliveries.push(delivery.attempt);
      await sleep(CONSUMER_TIMEOUT * 3);
      lost = delivery.lost.aborted;
      return 'done';
    };
    // Renewed once at least while it runs, and long enough for a machine that is busy.
    const options = { leaseAfterMs: 500, leaseMs: CONSUMER_TIMEOUT * 2 };
    await broker.open().publish(name, aTask());
    for (const _ of [1, 2]) await broker.open(options).consume([name], handler, one);
    await expect.poll(() => lost, { timeout: 30_000 }).toBe(false);
    await expect.poll(async () => sum(await broker.messages(name)), { timeout: 30_000 }).toBe(0);
    // A copy that came late would have expired into the queue by then.
    await sleep(options.leaseMs + 500);
    expect(deliveries).toEqual([1]);
    expect(sum(await broker.messages(name))).toBe(0);
  });

  it('would have delivered it twice without a lease: the trap is there', async () => {
    const name = `trap-${randomUUID()}`;
    const deliveries: number[] = [];
    const lost = Promise.withResolvers<void>();
    const handler: TaskHandler = async (_, delivery) => {
      deliveries.push(delivery.attempt);
      if (deliveries.length > 1) return 'done';
      await once(delivery.lost, 'abort');
      lost.resolve();
      return 'done';
    };
    const queue = broker.open();
    await queue.publish(name, aTask());
    await queue.consume([name], handler, one);
    await lost.promise;
    await expect.poll(() => deliveries, { timeout: 30_000 }).toEqual([1, 2]);
  });

  it.each([
    ['at once where it was an unacknowledged message', 60_000],
    ['when the lease has run out', 200],
  ])('delivers a task again whose worker is killed: %s', async (_, leaseAfterMs) => {
    const name = `killed-${randomUUID()}`;
    const queue = broker.open();
    await queue.publish(name, aTask());
    const worker = broker.takingProcess(name, String(leaseAfterMs));
    await once(worker.stdout, 'data');
    await sleep(1000);
    worker.kill('SIGKILL');
    await worker;
    expect(await broker.attemptsOf(queue, name, 1)).toEqual([2]);
    await expect.poll(() => broker.messages(name), { timeout: 60_000 }).toMatchObject({ '': 0 });
  });

  it('counts a worker once that is killed while it renews its lease', async () => {
    const name = `renewing-${randomUUID()}`;
    const queue = broker.open();
    await queue.publish(name, aTask());
    expect(await broker.takingProcess(name, '200', 'quorum', 'renewal')).toMatchObject({ signal: 'SIGKILL' });
    expect(await broker.attemptsOf(queue, name, 1)).toEqual([2]);
  });
});
