import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { TaskEvent, TaskHandler } from '@alts/sdk/plugin';
import type { ConfirmChannel } from 'amqplib';
import { describe, expect, it, vi } from 'vitest';
import { aTask, collect, one, sleep, TestBroker, VERSIONS } from './amqp-broker.fixture.ts';

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);

describe.each(VERSIONS)('RabbitMQ %s', (version) => {
  const broker = new TestBroker(version);

  it('says that a task is lost when the connection dies while it runs, and delivers it again', async () => {
    const name = `lost-${randomUUID()}`;
    const queue = broker.open();
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
    await broker.rabbit('close_all_connections', 'by a test');
    await again.promise;
    expect([lost, attempts]).toEqual([true, [1, 2]]);
  });

  it('keeps what was confirmed, publishes what was not, and goes on, when the broker is switched off and on', async () => {
    const name = `restart-${randomUUID()}`;
    const [publisher, worker] = [broker.open(), broker.open()];
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
    await broker.switchOff();
    const during = [aTask(), aTask()];
    const publishing = Promise.all(during.map((task) => publisher.publish(name, task)));
    await Promise.all([broker.switchOn(), publishing]);
    const after = aTask();
    await publisher.publish(name, after);
    const all = [before, ...during, after].map(({ taskId }) => taskId).sort();
    await expect.poll(() => [...seen].sort(), { timeout: 60_000 }).toEqual(all);
  });

  it('brings a task again that was answered while the broker was away for too long', async () => {
    const name = `away-${randomUUID()}`;
    const timeoutMs = 3000;
    const queue = broker.open({ leaseAfterMs: 200, leaseMs: 6000, timeoutMs });
    await queue.publish(name, aTask());
    const attempts: number[] = [];
    const off = Promise.withResolvers<void>();
    const handler: TaskHandler = async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length > 1) return 'done';
      await sleep(800);
      await broker.service.sync();
      await broker.switchOff();
      off.resolve();
      return 'retry';
    };
    await queue.consume([name], handler, one);
    await off.promise;
    await sleep(timeoutMs + 1000);
    await broker.switchOn();
    await expect.poll(() => attempts, { timeout: 60_000 }).toEqual([1, 2]);
    await expect.poll(() => broker.messages(name), { timeout: 60_000 }).toMatchObject({ '': 0, '.dead': 0 });
  });

  it('tells of events again after the connection died, also to those who listened before', async () => {
    const broadcast = broker.openBroadcast();
    const heard: TaskEvent[] = [];
    broadcast.on('a', (event) => heard.push(event));
    const emit = () => {
      broadcast.emit({ kind: 'cancel', taskId: 'a', reason: 'x' });
      return heard.length;
    };
    await expect.poll(emit, { timeout: 30_000 }).toBeGreaterThan(0);
    await broker.rabbit('close_all_connections', 'by a test');
    heard.length = 0;
    await expect.poll(emit, { timeout: 60_000 }).toBeGreaterThan(0);
  });

  it('answers what runs and takes what waits while the memory of the broker has run out, and publishes nothing', async () => {
    const name = `alarm-${randomUUID()}`;
    const queue = broker.open({ timeoutMs: 3000 });
    const [finish, started] = [broker.gate(), Promise.withResolvers<void>()];
    const seen: string[] = [];
    const handler: TaskHandler = async ({ taskId }) => {
      seen.push(taskId);
      started.resolve();
      await finish.promise;
      return 'done';
    };
    const [first, second, refused, after] = [aTask(), aTask(), aTask(), aTask()];
    for (const task of [first, second]) await queue.publish(name, task);
    await queue.consume([name], handler, one);
    await started.promise;
    const alarm = await broker.alarm();
    const notTaken = {
      code: 'queue_unavailable',
      message: expect.stringMatching(/takes nothing that is published: .*memory/),
    };
    // The broker learns of a connection that publishes by what it publishes.
    await expect(queue.publish(name, aTask())).rejects.toMatchObject(notTaken);
    await expect(queue.publish(name, refused)).rejects.toMatchObject(notTaken);
    expect(await queue.depth(name)).toMatchObject({ retrying: 0 });
    finish.resolve();
    await expect.poll(() => seen.slice(0, 2), { timeout: 30_000 }).toEqual([first.taskId, second.taskId]);
    await expect.poll(async () => (await broker.messages(name))[''], { timeout: 30_000 }).toBe(0);
    await alarm[Symbol.asyncDispose]();
    await queue.publish(name, after);
    await expect.poll(() => seen.at(-1), { timeout: 60_000 }).toBe(after.taskId);
    expect(seen).not.toContain(refused.taskId);
  });

  it('keeps a task whose lease cannot be renewed because the memory of the broker has run out', async () => {
    const name = `alarmed-${randomUUID()}`;
    // Renewed each two seconds: a third is left when the alarm comes, on any machine.
    const leaseMs = 6000;
    const queue = broker.open({ leaseAfterMs: 200, leaseMs });
    await queue.publish(name, aTask());
    const deliveries: number[] = [];
    const finish = broker.gate();
    let lost: boolean | undefined;
    const handler: TaskHandler = async (_, delivery) => {
      deliveries.push(delivery.attempt);
      await finish.promise;
      lost = delivery.lost.aborted;
      return 'done';
    };
    await queue.consume([name], handler, one);
    await expect.poll(async () => (await broker.messages(name))[''], { timeout: 60_000 }).toBe(0);
    const alarm = await broker.alarm();
    // Longer than the last copy lasts.
    await sleep(leaseMs * 1.5);
    await alarm[Symbol.asyncDispose]();
    // Renewed by a copy again.
    await sleep(leaseMs * 1.5);
    finish.resolve();
    await expect.poll(async () => sum(await broker.messages(name)), { timeout: 60_000 }).toBe(0);
    expect([lost, deliveries]).toEqual([false, [1]]);
  });

  it('tries again to take a lease that it could not take', async () => {
    const name = `retaken-${randomUUID()}`;
    const leaseMs = 6000;
    const queue = broker.open({ leaseAfterMs: 200, leaseMs });
    const told: string[] = [];
    queue.onProblem?.(({ message }) => told.push(message));
    await queue.publish(name, aTask());
    await broker.rabbit('set_permissions', 'guest', String.raw`^(?!.*\.lease\.)`, '.*', '.*');
    const deliveries: number[] = [];
    const finish = broker.gate();
    const handler: TaskHandler = async (_, { attempt }) => {
      deliveries.push(attempt);
      await finish.promise;
      return 'done';
    };
    await queue.consume([name], handler, one);
    const refused = expect.stringMatching(/lease.*ACCESS.REFUSED/);
    await expect.poll(() => told, { timeout: 30_000 }).toContainEqual(refused);
    await broker.rabbit('set_permissions', 'guest', '.*', '.*', '.*');
    await expect.poll(async () => (await broker.messages(name))[''], { timeout: 60_000 }).toBe(0);
    // It is renewed as any other: without that, it would have expired by then.
    await sleep(leaseMs * 1.5);
    finish.resolve();
    await expect.poll(async () => sum(await broker.messages(name)), { timeout: 60_000 }).toBe(0);
    expect(deliveries).toEqual([1]);
  });

  it('waits for a broker that hangs no longer than it may, whatever it is asked', async () => {
    const name = `hangs-${randomUUID()}`;
    const queue = broker.open({ timeoutMs: 2000 });
    const consumer = await queue.consume([name], async () => 'done', one);
    await queue.publish(name, aTask());
    const signal = (which: string) => broker.service.exec('sh', '-c', `kill -${which} $(pidof beam.smp)`);
    await signal('STOP');
    try {
      const unavailable = { code: 'queue_unavailable' };
      await expect(queue.depth(name)).rejects.toMatchObject(unavailable);
      await expect(queue.publish(name, aTask())).rejects.toMatchObject(unavailable);
      await expect(collect(queue.deadLetters(name))).rejects.toMatchObject(unavailable);
      await expect(queue.settleDeadLetter(name, 'x', 'remove')).rejects.toMatchObject(unavailable);
      await consumer[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
    } finally {
      await signal('CONT');
    }
  });

  it('survives that its channel is closed between declaring and publishing', async () => {
    const name = `between-${randomUUID()}`;
    const queue = broker.open({ timeoutMs: 1000 });
    await queue.publish(name, aTask());
    const theirs: ConfirmChannel = Object.getPrototypeOf(await broker.channel());
    const closed = vi.spyOn(theirs, 'publish').mockImplementationOnce(() => {
      throw new Error('IllegalOperationError: Channel closed');
    });
    await expect(queue.publish(name, aTask())).rejects.toMatchObject({ code: 'queue_unavailable' });
    closed.mockRestore();
    await queue.publish(name, aTask());
    // A promise that nobody waits for would be rejected by now, which ends the process.
    await sleep(2000);
  });

  it('drops what more than a thousand events say while the broker is away', async () => {
    const broadcast = broker.openBroadcast({ timeoutMs: 1000 });
    const heard: string[] = [];
    broadcast.on('a', (event) => event.kind === 'cancel' && heard.push(event.reason));
    const emit = (reason: string) => broadcast.emit({ kind: 'cancel', taskId: 'a', reason });
    const isHeard = (reason: string) => () => {
      emit(reason);
      return heard.includes(reason);
    };
    await expect.poll(isHeard('before'), { timeout: 30_000 }).toBe(true);
    const away = Promise.withResolvers<void>();
    broadcast.onProblem?.(() => away.resolve());
    await broker.switchOff();
    await away.promise;
    for (let at = 0; at < 1500; at += 1) emit(`held ${at}`);
    await broker.switchOn();
    await expect.poll(isHeard('after'), { timeout: 60_000 }).toBe(true);
    const held = heard.filter((reason) => reason.startsWith('held'));
    expect(held).toEqual(Array.from({ length: 1000 }, (_, at) => `held ${at}`));
  });

  it('bounds what a process has waiting of events', async () => {
    const broadcast = broker.openBroadcast();
    const heard = Promise.withResolvers<void>();
    broadcast.on('a', () => heard.resolve());
    const emitting = setInterval(() => broadcast.emit({ kind: 'cancel', taskId: 'a', reason: 'x' }), 50);
    await heard.promise.finally(() => clearInterval(emitting));
    const exclusive = (await broker.rabbit('list_queues', 'arguments', 'exclusive')).split('\n');
    expect(exclusive.filter((line) => line.endsWith('true'))).toEqual([
      expect.stringMatching(/"x-max-length",10000.*"x-overflow","drop-head"/),
    ]);
  });

  it('says why events do not pass, once', async () => {
    await broker.rabbit('set_permissions', 'guest', '^$', '.*', '.*');
    const broadcast = broker.openBroadcast();
    const told: string[] = [];
    broadcast.onProblem?.(({ message }) => told.push(message));
    await expect.poll(() => told, { timeout: 30_000 }).toEqual([expect.stringMatching(/ACCESS.REFUSED.*alts\.events/)]);
    await sleep(1500);
    await broker.rabbit('set_permissions', 'guest', '.*', '.*', '.*');
    expect(told).toHaveLength(1);
  });
});
