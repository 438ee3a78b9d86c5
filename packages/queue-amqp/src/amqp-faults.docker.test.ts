import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Queue, type TaskEvent, type TaskHandler, TaskMessage } from '@alts/sdk/plugin';
import { connect } from 'amqplib';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitMq, startRabbitMq } from '../../../fixtures/services/rabbitmq.ts';
import { amqpBroadcast } from './amqp-broadcast.ts';
import type { AmqpOptionsInput } from './amqp-options.ts';
import { amqpQueue } from './amqp-queue.ts';

/** Of the brokers here: milliseconds, in the place of half an hour. */
const CONSUMER_TIMEOUT = 3000;
const TAKING = fileURLToPath(new URL('taking-process.fixture.ts', import.meta.url));

function aTask(taskId = `t-${randomUUID()}`): TaskMessage {
  const request = { taskId, package: { name: 'hello' }, system: 'debian:12' };
  return TaskMessage.parse({ schemaVersion: 1, taskId, request });
}
const collect = <T>(items: AsyncIterable<T>) => Array.fromAsync(items);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const one = { concurrency: 1 };

describe.each(['3.10', '4.0'] as const)('RabbitMQ %s', (version) => {
  let broker: RabbitMq;
  const disposables: AsyncDisposable[] = [];
  const open = (options: Partial<AmqpOptionsInput> = {}): Queue => {
    const made = amqpQueue({ url: broker.url, retryDelayMs: 0, pollMs: 50, timeoutMs: 20_000, ...options });
    disposables.push(made);
    return made;
  };
  beforeAll(async () => {
    broker = await startRabbitMq(version, { consumerTimeoutMs: CONSUMER_TIMEOUT });
  });
  afterEach(async () => {
    await Promise.all(disposables.splice(0).map((each) => each[Symbol.asyncDispose]()));
  });
  afterAll(() => broker[Symbol.asyncDispose]());

  const rabbit = (...args: string[]) => broker.exec('rabbitmqctl', '--quiet', ...args);
  /** Queues whose name begins so, with the number of their messages. */
  const messages = async (name: string) => {
    const lines = (await rabbit('list_queues', 'name', 'messages')).split('\n').filter((line) => line.startsWith(name));
    return Object.fromEntries(
      lines.map((line) => line.slice(name.length).split('\t')).map(([rest = '', n]) => [rest, Number(n)]),
    );
  };
  /** What comes, as the numbers of its attempts, until `count` have come. */
  async function attemptsOf(queue: Queue, name: string, count: number): Promise<number[]> {
    const seen: number[] = [];
    const all = Promise.withResolvers<void>();
    const handler: TaskHandler = async (_, { attempt }) => {
      seen.push(attempt);
      if (seen.length === count) all.resolve();
      return 'done';
    };
    await queue.consume([name], handler, one);
    await all.promise;
    return seen;
  }

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
    const options = { leaseAfterMs: 500, leaseMs: 2000 };
    await open().publish(name, aTask());
    for (const _ of [1, 2]) await open(options).consume([name], handler, one);
    await expect.poll(() => lost, { timeout: 30_000 }).toBe(false);
    await sleep(2500);
    expect(deliveries).toEqual([1]);
    const left = Object.values(await messages(name));
    expect(left.every((count) => count === 0)).toBe(true);
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
    const queue = open();
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
    const queue = open();
    await queue.publish(name, aTask());
    const args = ['--conditions=@alts/source', TAKING, broker.url, name, String(leaseAfterMs)];
    const worker = execa(process.execPath, args, { reject: false });
    await once(worker.stdout, 'data');
    await sleep(1000);
    worker.kill('SIGKILL');
    await worker;
    expect(await attemptsOf(queue, name, 1)).toEqual([2]);
    await expect.poll(() => messages(name), { timeout: 20_000 }).toMatchObject({ '': 0 });
  });

  it('counts a worker once that is killed while it renews its lease', async () => {
    const name = `renewing-${randomUUID()}`;
    const queue = open();
    await queue.publish(name, aTask());
    const args = ['--conditions=@alts/source', TAKING, broker.url, name, '200', 'quorum', 'renewal'];
    expect(await execa(process.execPath, args, { reject: false })).toMatchObject({ signal: 'SIGKILL' });
    expect(await attemptsOf(queue, name, 1)).toEqual([2]);
  });

  it('says that a task is lost when the connection dies while it runs, and delivers it again', async () => {
    const name = `lost-${randomUUID()}`;
    const queue = open();
    await queue.publish(name, aTask());
    const attempts: number[] = [];
    const again = Promise.withResolvers<void>();
    let [lost, started] = [false, Promise.withResolvers<void>()];
    const handler: TaskHandler = async (_, delivery) => {
      attempts.push(delivery.attempt);
      if (attempts.length === 2) again.resolve();
      if (attempts.length > 1) return 'done';
      started.resolve();
      await once(delivery.lost, 'abort');
      lost = true;
      return 'done';
    };
    await queue.consume([name], handler, one);
    await started.promise;
    await rabbit('close_all_connections', 'by a test');
    await again.promise;
    expect([lost, attempts]).toEqual([true, [1, 2]]);
  });

  it('keeps what was confirmed, publishes what was not, and goes on, when the broker is switched off and on', async () => {
    const name = `restart-${randomUUID()}`;
    const [publisher, worker] = [open(), open()];
    const before = aTask();
    await publisher.publish(name, before);
    const seen = new Set<string>();
    await worker.consume(
      [name],
      async ({ taskId }) => {
        seen.add(taskId);
        return 'done';
      },
      one,
    );
    await broker.stop();
    const during = [aTask(), aTask()];
    const publishing = Promise.all(during.map((task) => publisher.publish(name, task)));
    await Promise.all([broker.start(), publishing]);
    const after = aTask();
    await publisher.publish(name, after);
    const all = [before, ...during, after].map(({ taskId }) => taskId).sort();
    await expect.poll(() => [...seen].sort(), { timeout: 60_000 }).toEqual(all);
  });

  it('takes hundreds of tasks of two queues, ten at a time and each of them once', async () => {
    const names = [`many-${randomUUID()}`, `many-${randomUUID()}`];
    const queue = open();
    const tasks = Array.from({ length: 300 }, () => aTask());
    await Promise.all(tasks.map((task, at) => queue.publish(names[at % 2] ?? '', task)));
    const seen: string[] = [];
    let [running, most] = [0, 0];
    const handler: TaskHandler = async ({ taskId }) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(250);
      running -= 1;
      seen.push(taskId);
      return 'done';
    };
    await queue.consume(names, handler, { concurrency: 10 });
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(300);
    expect(new Set(seen).size).toBe(300);
    expect(most).toBe(10);
  });

  it('buries what is no task, and puts a dead letter back when it is asked to', async () => {
    const name = `dead-${randomUUID()}`;
    const queue = open();
    const task = aTask();
    await queue.publish(name, task);
    const other = await connect(broker.url);
    const channel = await other.createConfirmChannel();
    for (const content of ['{}', 'no JSON']) channel.sendToQueue(name, Buffer.from(content));
    await channel.waitForConfirms();
    await other.close();
    const consumer = await queue.consume([name], async () => ({ reject: 'not here' }), one);
    const reasons = async () => (await collect(queue.deadLetters(name))).map(({ reason }) => reason);
    await expect
      .poll(reasons, { timeout: 10_000 })
      .toEqual(['not here', expect.stringMatching(/^not a task: .*taskId/), 'not a task: no JSON']);
    await consumer[Symbol.asyncDispose]();
    expect(await queue.settleDeadLetter(name, 'nobody', 'requeue')).toBe(false);
    expect(await queue.settleDeadLetter(name, task.taskId, 'requeue')).toBe(true);
    expect(await attemptsOf(queue, name, 1)).toEqual([1]);
  });

  it.each(['quorum', 'classic'] as const)(
    'on %s queues gives up a task whose workers die, one after the other',
    async (queueType) => {
      const name = `deadly-${randomUUID()}`;
      const queue = open({ queueType, maxAttempts: 2 });
      await queue.publish(name, aTask());
      for (const attempt of [1, 2]) {
        const worker = execa(
          process.execPath,
          ['--conditions=@alts/source', TAKING, broker.url, name, '60000', queueType],
          { reject: false },
        );
        expect(String((await once(worker.stdout, 'data'))[0])).toBe(`took ${attempt}\n`);
        worker.kill('SIGKILL');
        await worker;
      }
      await queue.consume([name], async () => 'done', one);
      await expect
        .poll(() => collect(queue.deadLetters(name)), { timeout: 10_000 })
        .toMatchObject([
          { attempts: 2, reason: expect.stringContaining('gave up after 2 attempts: the last worker died') },
        ]);
    },
  );

  it('brings a task again that was answered while the broker was away for too long', async () => {
    const name = `away-${randomUUID()}`;
    const queue = open({ leaseAfterMs: 200, leaseMs: 2000, timeoutMs: 1000 });
    await queue.publish(name, aTask());
    const attempts: number[] = [];
    const handler: TaskHandler = async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length > 1) return 'done';
      await sleep(800);
      await broker.sync();
      await broker.stop();
      return 'retry';
    };
    await queue.consume([name], handler, one);
    await expect.poll(() => attempts.length, { timeout: 20_000 }).toBe(1);
    await sleep(4000);
    await broker.start();
    await expect.poll(() => attempts, { timeout: 60_000 }).toEqual([1, 2]);
    await expect.poll(() => messages(name), { timeout: 20_000 }).toMatchObject({ '': 0, '.dead': 0 });
  });

  it('says at once that a queue of that name was declared otherwise', async () => {
    const name = `other-${randomUUID()}`;
    await open({ queueType: 'classic' }).publish(name, aTask());
    const consuming = open().consume([name], async () => 'done', one);
    await expect(consuming).rejects.toMatchObject({
      code: 'queue_unavailable',
      message: expect.stringMatching(/PRECONDITION.FAILED.*take another virtual host/),
    });
  });

  it('is reached by TLS, with a certificate of its own, and not without', async () => {
    const { url, ca, cert, key } = broker.tls;
    const name = `tls-${randomUUID()}`;
    const queue = open({ url, ca, cert, key });
    await queue.publish(name, aTask());
    expect(await attemptsOf(queue, name, 1)).toEqual([1]);
    for (const wrong of [
      { url, cert, key },
      { url, ca },
    ]) {
      await expect(open({ ...wrong, timeoutMs: 1000 }).publish(name, aTask())).rejects.toMatchObject({
        code: 'queue_unavailable',
      });
    }
  });

  it('never says the password that was wrong', async () => {
    const url = broker.url.replace('guest:guest', 'guest:s3cretword');
    const error = await open({ url, timeoutMs: 1000 })
      .publish('x', aTask())
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'queue_unavailable', message: expect.stringMatching(/ACCESS.REFUSED|403/i) });
    expect(String(error)).not.toContain('s3cretword');
  });

  it('tells of events again after the connection died, also to those who listened before', async () => {
    const broadcast = amqpBroadcast({ url: broker.url });
    disposables.push(broadcast);
    const heard: TaskEvent[] = [];
    broadcast.on('a', (event) => heard.push(event));
    const emit = () => {
      broadcast.emit({ kind: 'cancel', taskId: 'a', reason: 'x' });
      return heard.length;
    };
    await expect.poll(emit, { timeout: 10_000 }).toBeGreaterThan(0);
    await rabbit('close_all_connections', 'by a test');
    heard.length = 0;
    await expect.poll(emit, { timeout: 20_000 }).toBeGreaterThan(0);
  });
});

it('says that nobody is there when nobody is', async () => {
  await using queue = amqpQueue({ url: 'amqp://127.0.0.1:1', timeoutMs: 500 });
  await expect(queue.publish('x', aTask())).rejects.toMatchObject({
    code: 'queue_unavailable',
    message: expect.stringContaining('the broker cannot be reached: '),
  });
});
