import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerRunner } from '@alts/runner-docker';
import { describe, expect, it, onTestFinished } from 'vitest';
import { message, QUEUE, verdicts, waitingRunner, workshop } from './worker.fixture.ts';

/** An engine that says that it is there, answers nothing while it hangs, and has no containers. */
async function engine() {
  const state = { hangs: false };
  const server = createServer(({ url = '' }, response) => {
    if (url.includes('_ping')) response.end('OK');
    else if (!state.hangs) {
      response.setHeader('content-type', 'application/json');
      response.end(url.includes('containers/json') ? '[]' : '{"Version":"1","Os":"linux","Arch":"amd64"}');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, { runner: dockerRunner({ host: `tcp://127.0.0.1:${port}` }) });
}

describe('a worker that is to stop', () => {
  it('waits for what runs', async () => {
    const runner = waitingRunner();
    const { queue, worker, events } = await workshop({ runner });
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => runner.waiting.size).toBe(1);
    const stopped = worker.stop();
    expect(worker.state()).toMatchObject({ refuses: 'it is stopping', running: [{ taskId: 'a', attempt: 1 }] });
    runner.failAll();
    await stopped;
    expect(verdicts(events)).toEqual([[1, 'error']]);
  });

  it('hands back what is left when its time is over, at no cost to the task, however often', async () => {
    const runner = waitingRunner();
    const { queue, worker, open, events } = await workshop({ runner, options: { drainMs: 50 } });
    await queue.publish(QUEUE, message);
    for (const each of [worker, open(), open(), open(), open(), open()]) {
      await each.start();
      await expect.poll(() => each.state().running).toEqual([{ taskId: 'a', attempt: 1 }]);
      await expect.poll(() => runner.waiting.size).toBe(1);
      await each.stop();
      expect(await queue.depth(QUEUE)).toEqual({ waiting: 1, retrying: 0, dead: 0 });
    }
    const last = open();
    await last.start();
    await expect.poll(() => runner.waiting.size).toBe(1);
    runner.failAll();
    await expect.poll(() => verdicts(events)).toEqual([[1, 'error']]);
  });

  it('hands back at once when it is told to again', async () => {
    const runner = waitingRunner();
    const { queue, worker } = await workshop({ runner });
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => runner.waiting.size).toBe(1);
    const stopped = worker.stop();
    await worker.stop({ now: true });
    await stopped;
    expect(await queue.depth(QUEUE)).toMatchObject({ waiting: 1 });
  });

  it('says so to the end, and takes nothing more, also when it was just looking whether it may', async () => {
    const probed = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const runner = waitingRunner();
    runner.probe = () => {
      asked.resolve();
      return probed.promise;
    };
    const { queue, worker, events } = await workshop({ runner });
    await queue.publish(QUEUE, message);
    const started = worker.start();
    await asked.promise;
    const stopped = worker.stop();
    probed.resolve('is there');
    await Promise.all([started, stopped]);
    expect(worker.state().refuses).toBe('it is stopping');
    expect(await queue.depth(QUEUE)).toMatchObject({ waiting: 1 });
    const said = events.flatMap((told) => (told.kind === 'worker' ? [told.state.refuses] : []));
    expect(said.at(-1)).toBe('it is stopping');
  });
});

describe('a worker whose engine hangs', () => {
  it('notices it, takes no tasks, and takes them again when the engine answers', async () => {
    const docker = await engine();
    const { worker } = await workshop({ runner: docker.runner, options: { answerMs: 200 } });
    await worker.start();
    expect(worker.state().refuses).toBeNull();
    docker.hangs = true;
    await expect.poll(() => worker.state().refuses).toBe('the runner docker is not usable: no answer within 0.2 s');
    docker.hangs = false;
    await expect.poll(() => worker.state().refuses).toBeNull();
  });

  it.each(['that is told when it is no longer waited for', 'whose runner does not listen'])(
    'starts, says how it is, and stops: an engine %s',
    async (which) => {
      const docker = await engine();
      docker.hangs = true;
      const deaf = Object.assign(waitingRunner(), {
        probe: () => new Promise<never>(() => {}),
        list: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
      });
      const runner = which.startsWith('whose') ? deaf : docker.runner;
      const { worker, events } = await workshop({ runner, options: { answerMs: 60_000, drainMs: 60_000 } });
      const started = worker.start();
      await expect.poll(() => events.filter(({ kind }) => kind === 'worker').length).toBeGreaterThan(2);
      expect(worker.state().refuses).toBe('it has not begun yet');
      const late = sleep(15_000, 'late', { ref: false });
      expect(await Promise.race([Promise.all([started, worker.stop()]), late])).not.toBe('late');
    },
  );
});
