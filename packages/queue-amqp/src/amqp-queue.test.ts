import { connect, type RecoveringChannelModel } from 'amqplib';
import { expect, it, vi } from 'vitest';
import { aTask } from './amqp-broker.fixture.ts';
import { amqpQueue } from './amqp-queue.ts';

const NOBODY = 'amqp://127.0.0.1:1';

it('says that nobody is there when nobody is', async () => {
  await using queue = amqpQueue({ url: NOBODY, timeoutMs: 500 });
  await expect(queue.publish('x', aTask())).rejects.toMatchObject({
    code: 'queue_unavailable',
    message: expect.stringContaining('the broker cannot be reached: '),
  });
});

it('asks for no channel while nobody is there: they would all be opened when somebody is', async () => {
  const theirs = await connect(NOBODY, { recovery: { waitForConnect: false } });
  const prototype: RecoveringChannelModel = Object.getPrototypeOf(theirs);
  const asked = vi.spyOn(prototype, 'createConfirmChannel');
  await using queue = amqpQueue({ url: NOBODY, timeoutMs: 100 });
  const depths = await Promise.allSettled(Array.from({ length: 60 }, () => queue.depth('x')));
  expect(new Set(depths.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(asked).not.toHaveBeenCalled();
  await theirs.close();
});
