import { randomUUID } from 'node:crypto';
import type { TaskHandler } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { aTask, collect, one, sleep, TestBroker, VERSIONS } from './amqp-broker.fixture.ts';

describe.each(VERSIONS)('RabbitMQ %s', (version) => {
  const broker = new TestBroker(version);

  it('takes hundreds of tasks of two queues, ten at a time and each of them once', async () => {
    const names = [`many-${randomUUID()}`, `many-${randomUUID()}`];
    const queue = broker.open();
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

  it('says at once that a queue of that name was declared otherwise', async () => {
    const name = `other-${randomUUID()}`;
    await broker.open({ queueType: 'classic' }).publish(name, aTask());
    const consuming = broker.open().consume([name], async () => 'done', one);
    await expect(consuming).rejects.toMatchObject({
      code: 'queue_unavailable',
      message: expect.stringMatching(/PRECONDITION.FAILED.*take another virtual host/),
    });
  });

  it('is reached by TLS, with a certificate of its own, and not without', async () => {
    const { url, ca, cert, key } = broker.service.tls;
    const name = `tls-${randomUUID()}`;
    const queue = broker.open({ url, ca, cert, key });
    await queue.publish(name, aTask());
    expect(await broker.attemptsOf(queue, name, 1)).toEqual([1]);
    for (const wrong of [
      { url, cert, key },
      { url, ca },
    ]) {
      await expect(broker.open({ ...wrong, timeoutMs: 1000 }).publish(name, aTask())).rejects.toMatchObject({
        code: 'queue_unavailable',
      });
    }
  });

  it('never says the password that was wrong', async () => {
    const url = broker.service.url.replace('guest:guest', 'guest:s3cretword');
    const error = await broker
      .open({ url, timeoutMs: 1000 })
      .publish('x', aTask())
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'queue_unavailable', message: expect.stringMatching(/ACCESS.REFUSED|403/i) });
    expect(String(error)).not.toContain('s3cretword');
  });

  it('goes on when somebody removes its queues', async () => {
    const name = `removed-${randomUUID()}`;
    const queue = broker.open({ maxAttempts: 2 });
    const answers: Awaited<ReturnType<TaskHandler>>[] = ['done', { reject: 'not here' }, 'retry', 'done'];
    const answered: number[] = [];
    await queue.publish(name, aTask());
    const handler: TaskHandler = async () => answers[answered.push(answered.length) - 1] ?? 'done';
    await queue.consume([name], handler, one);
    await expect.poll(() => answered.length, { timeout: 30_000 }).toBe(1);
    const channel = await broker.channel();
    for (const gone of [name, `${name}.high`, `${name}.dead`, `${name}.retry`]) await channel.deleteQueue(gone);
    expect(await queue.depth(name)).toEqual({ waiting: 0, retrying: 0, dead: 0 });
    await channel.deleteQueue(name);
    await channel.deleteQueue(`${name}.dead`);
    await queue.publish(name, aTask());
    await expect.poll(async () => (await queue.depth(name)).dead, { timeout: 30_000 }).toBe(1);
    await channel.deleteQueue(`${name}.retry`);
    await queue.publish(name, aTask());
    await expect.poll(() => answered.length, { timeout: 30_000 }).toBe(4);
    await channel.deleteQueue(`${name}.dead`);
    expect(await collect(queue.deadLetters(name))).toEqual([]);
  });

  it('publishes to the others when one queue was declared otherwise', async () => {
    const [good, bad] = [`good-${randomUUID()}`, `bad-${randomUUID()}`];
    const channel = await broker.channel();
    await channel.assertQueue(bad, { durable: true });
    const queue = broker.open();
    await queue.publish(good, aTask());
    const toGood = () => Array.from({ length: 50 }, () => queue.publish(good, aTask()));
    const publishing = Promise.all([...toGood(), ...toGood()]);
    const refused = Promise.allSettled([1, 2, 3].map(() => queue.publish(bad, aTask())));
    expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await publishing;
    expect(await queue.depth(good)).toMatchObject({ waiting: 101 });
  });

  it('says so when the broker does not take a message', async () => {
    const name = `full-${randomUUID()}`;
    const queue = broker.open();
    const full = JSON.stringify({ 'max-length': 1, overflow: 'reject-publish' });
    await broker.rabbit('set_policy', '--apply-to', 'queues', 'full', `^${name}$`, full);
    const publishing = Array.from({ length: 20 }, () => () => queue.publish(name, aTask()));
    const failing = publishing.reduce((before, publish) => before.then(publish), Promise.resolve());
    await expect(failing).rejects.toMatchObject({
      code: 'queue_unavailable',
      message: expect.stringMatching(/nacked/),
    });
    await broker.rabbit('clear_policy', 'full');
  });

  it('works in a virtual host of its own', async () => {
    const name = `there-${randomUUID()}`;
    await broker.rabbit('add_vhost', 'team/a');
    await broker.rabbit('set_permissions', '--vhost', 'team/a', 'guest', '.*', '.*', '.*');
    const queue = broker.open({ url: `${broker.service.url}/team%2Fa` });
    await queue.publish(name, aTask());
    expect(await queue.depth(name)).toMatchObject({ waiting: 1 });
    expect(await broker.messages(name)).toEqual({});
    expect(await broker.attemptsOf(queue, name, 1)).toEqual([1]);
  });

  it('lets a task wait that shall be tried again, and counts it so', async () => {
    const name = `later-${randomUUID()}`;
    const attempts: number[] = [];
    const handler: TaskHandler = async (_, { attempt }) => {
      attempts.push(attempt);
      return attempt === 1 ? 'retry' : 'done';
    };
    const queue = broker.open({ retryDelayMs: 3000 });
    await queue.publish(name, aTask());
    await queue.consume([name], handler, one);
    await expect.poll(() => queue.depth(name), { interval: 100 }).toEqual({ waiting: 0, retrying: 1, dead: 0 });
    expect(attempts).toEqual([1]);
    await expect.poll(() => attempts, { timeout: 60_000 }).toEqual([1, 2]);
    expect(await queue.depth(name)).toEqual({ waiting: 0, retrying: 0, dead: 0 });
  });

  it('tells that a queue cannot be taken from any more, once, and takes from it when it can', async () => {
    const [name, other] = [`forbidden-${randomUUID()}`, `allowed-${randomUUID()}`];
    const queue = broker.open();
    const told: string[] = [];
    queue.onProblem?.(({ message }) => told.push(message));
    const seen: string[] = [];
    const handler: TaskHandler = async ({ taskId }) => {
      seen.push(taskId);
      return 'done';
    };
    await queue.consume([name, other], handler, one);
    const [theirs, mine] = [aTask(), aTask()];
    await queue.publish(name, theirs);
    await expect.poll(() => seen, { timeout: 30_000 }).toEqual([theirs.taskId]);
    await broker.rabbit('set_permissions', 'guest', '.*', '.*', '^(?!forbidden)');
    // What a channel was allowed it may do for as long as it is open.
    await broker.rabbit('close_all_connections', 'by a test');
    const refusals = () => told.filter((message) => /ACCESS.REFUSED/.test(message));
    await expect
      .poll(() => refusals().sort(), { timeout: 60_000 })
      .toEqual([expect.stringContaining(`${name}.high'`), expect.stringContaining(`${name}'`)]);
    for (const place of [name, other]) await queue.publish(place, mine);
    await expect.poll(() => seen, { timeout: 30_000 }).toEqual([theirs.taskId, mine.taskId]);
    expect(refusals()).toHaveLength(2);
    await broker.rabbit('set_permissions', 'guest', '.*', '.*', '.*');
    await expect.poll(() => seen, { timeout: 30_000 }).toEqual([theirs.taskId, mine.taskId, mine.taskId]);
  });
});
