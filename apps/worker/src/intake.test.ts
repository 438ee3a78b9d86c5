import { memoryQueue, parseRequest } from '@alts/sdk';
import { describe, expect, it } from 'vitest';
import { Intake } from './intake.ts';
import { QUEUE, waitingRunner } from './worker.fixture.ts';

/** An intake of three slots whose tests run until they are ended. */
function opened() {
  const queue = memoryQueue();
  const running = new Map<string, () => void>();
  const seen = { most: 0 };
  const group = { runner: waitingRunner(), queues: [QUEUE] };
  const intake = new Intake(queue, [group], 3, async (_group, { taskId }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    running.set(taskId, resolve);
    seen.most = Math.max(seen.most, running.size);
    await promise;
    running.delete(taskId);
    return 'done';
  });
  const publish = (...taskIds: string[]) =>
    Promise.all(
      taskIds.map((taskId) => {
        const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12' });
        return queue.publish(QUEUE, { schemaVersion: 1, taskId, request });
      }),
    );
  return { queue, intake, publish, running, seen, names: () => [...running.keys()].sort() };
}

describe('an intake that was shut while tests ran', () => {
  it('is opened for the slots that are free, and for the others when their tests are over', async () => {
    const { intake, publish, running, seen, names } = opened();
    expect(await intake.open()).toBe(true);
    await publish('long');
    await expect.poll(names).toEqual(['long']);
    intake.shut();
    await publish('a', 'b', 'c');
    expect(names()).toEqual(['long']);
    expect(await intake.open()).toBe(true);
    await expect.poll(names).toEqual(['a', 'b', 'long']);
    expect(await intake.open()).toBe(false);
    running.get('long')?.();
    await expect.poll(names).toEqual(['a', 'b']);
    expect(await intake.open()).toBe(false);
    await expect.poll(names).toEqual(['a', 'b', 'c']);
    await publish('d');
    running.get('a')?.();
    await expect.poll(names).toEqual(['b', 'c', 'd']);
    for (const end of running.values()) end();
    await intake.end();
    expect(seen.most).toBe(3);
  });

  it('has no slot to open while all of them are in use', async () => {
    const { intake, publish, running, seen, names } = opened();
    await intake.open();
    await publish('a', 'b', 'c', 'd');
    await expect.poll(names).toEqual(['a', 'b', 'c']);
    intake.shut();
    expect(await intake.open()).toBe(false);
    for (const end of running.values()) end();
    await expect.poll(names).toEqual([]);
    expect(await intake.open()).toBe(true);
    await expect.poll(names).toEqual(['d']);
    for (const end of running.values()) end();
    await intake.end();
    expect(seen.most).toBe(3);
  });

  it('is not opened any more when it has ended', async () => {
    const { queue, intake, publish, names } = opened();
    const opening = intake.open();
    await intake.end();
    await opening;
    await publish('a');
    expect(await intake.open()).toBe(false);
    expect([names(), (await queue.depth(QUEUE)).waiting]).toEqual([[], 1]);
  });
});
