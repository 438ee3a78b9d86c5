import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aTask, collect, one, TestBroker, VERSIONS } from './amqp-broker.fixture.ts';

describe.each(VERSIONS)('RabbitMQ %s', (version) => {
  const broker = new TestBroker(version);

  it('buries what is no task, and puts a dead letter back when it is asked to', async () => {
    const name = `dead-${randomUUID()}`;
    const queue = broker.open();
    const task = aTask();
    await queue.publish(name, task);
    const channel = await broker.channel();
    for (const content of ['{}', 'no JSON']) channel.sendToQueue(name, Buffer.from(content));
    await channel.waitForConfirms();
    const consumer = await queue.consume([name], async () => ({ reject: 'not here' }), one);
    const reasons = async () => (await collect(queue.deadLetters(name))).map(({ reason }) => reason);
    await expect
      .poll(reasons, { timeout: 30_000 })
      .toEqual(['not here', expect.stringMatching(/^not a task: .*taskId/), 'not a task: no JSON']);
    await consumer[Symbol.asyncDispose]();
    expect(await queue.settleDeadLetter(name, 'nobody', 'requeue')).toBe(false);
    expect(await queue.settleDeadLetter(name, task.taskId, 'requeue')).toBe(true);
    expect(await broker.attemptsOf(queue, name, 1)).toEqual([1]);
  });

  it.each(['quorum', 'classic'] as const)(
    'on %s queues gives up a task whose workers die, one after the other',
    async (queueType) => {
      const name = `deadly-${randomUUID()}`;
      const queue = broker.open({ queueType, maxAttempts: 2 });
      await queue.publish(name, aTask());
      for (const attempt of [1, 2]) {
        const worker = broker.takingProcess(name, '60000', queueType);
        expect(String((await once(worker.stdout, 'data'))[0])).toBe(`took ${attempt}\n`);
        worker.kill('SIGKILL');
        await worker;
      }
      await queue.consume([name], async () => 'done', one);
      await expect
        .poll(() => collect(queue.deadLetters(name)), { timeout: 30_000 })
        .toMatchObject([
          { attempts: 2, reason: expect.stringContaining('gave up after 2 attempts: the last worker died') },
        ]);
    },
  );

  it('shows all dead letters to each of those who look at the same time, oldest first', async () => {
    const name = `looked-at-${randomUUID()}`;
    const queue = broker.open();
    const tasks = Array.from({ length: 60 }, () => aTask());
    for (const task of tasks) await queue.publish(name, task);
    const consumer = await queue.consume([name], async ({ taskId }) => ({ reject: taskId }), one);
    await expect.poll(async () => (await queue.depth(name)).dead, { timeout: 30_000 }).toBe(60);
    await consumer[Symbol.asyncDispose]();
    const last = tasks.at(-1)?.taskId ?? '';
    const look = async () => (await collect(queue.deadLetters(name))).map(({ reason }) => reason);
    const [first, second, isSettled] = await Promise.all([
      look(),
      look(),
      queue.settleDeadLetter(name, last, 'requeue'),
    ]);
    const all = tasks.map(({ taskId }) => taskId);
    expect([first, second, isSettled]).toEqual([all, all, true]);
    expect(await look()).toEqual(all.slice(0, -1));
  });

  it('makes a dead letter of what was delivered too often to count, and says so', async () => {
    const name = `too-often-${randomUUID()}`;
    const queue = broker.open();
    const task = aTask();
    await queue.publish(name, task);
    const channel = await broker.channel();
    for (let message = await channel.get(name); message; message = await channel.get(name)) {
      channel.nack(message, false, true);
    }
    await expect
      .poll(() => collect(queue.deadLetters(name)), { timeout: 30_000 })
      .toEqual([{ message: task, reason: 'the broker gave up: it came back too often', attempts: 0 }]);
  });

  it('does not lose what cannot be buried, and tells of it', async () => {
    const name = `unburied-${randomUUID()}`;
    await broker.open().depth(name);
    const channel = await broker.channel();
    for (const _ of [1, 2, 3]) channel.sendToQueue(name, Buffer.from('no JSON'));
    await channel.waitForConfirms();
    await broker.rabbit('set_permissions', 'guest', '.*', '^$', '.*');
    const queue = broker.open();
    const told: string[] = [];
    queue.onProblem?.(({ message }) => told.push(message));
    await queue.consume([name], async () => 'done', one);
    await expect.poll(() => told, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/ACCESS.REFUSED/));
    await broker.rabbit('set_permissions', 'guest', '.*', '.*', '.*');
    const reasons = async () => (await collect(queue.deadLetters(name))).map(({ reason }) => reason);
    const noJson = 'not a task: no JSON';
    await expect.poll(reasons, { timeout: 60_000 }).toEqual([noJson, noJson, noJson]);
  });
});
