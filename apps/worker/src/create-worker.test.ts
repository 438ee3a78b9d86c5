import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dockerRunner } from '@alts/runner-docker';
import { AltsError, type Checker, parseRequest, type TaskHandler } from '@alts/sdk';
import { describe, expect, it } from 'vitest';
import { createWorker } from './create-worker.ts';
import { healthApp } from './health-app.ts';
import { message, QUEUE, request, verdicts, waitingRunner, workshop } from './worker.fixture.ts';

describe('a worker', () => {
  it('tries again where the infrastructure is at fault, and then says so', async () => {
    const { queue, worker, events, artifact } = await workshop();
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => verdicts(events), { timeout: 8000 }).toEqual([[2, 'error']]);
    expect(await artifact('report-attempt-1.json')).toMatchObject({ error: { code: 'runner_unavailable' } });
    expect(await artifact('report.json')).toMatchObject({ verdict: 'error', error: { code: 'runner_unavailable' } });
    expect(await Array.fromAsync(queue.deadLetters(QUEUE))).toEqual([]);
  });

  it('leaves another try to others once, and makes it itself where there are none', async () => {
    const { queue, worker, events } = await workshop({ options: { maxAttempts: 3 } });
    const answers: unknown[] = [];
    const consume = queue.consume.bind(queue);
    queue.consume = (queues, handler, limits) => {
      const noting: TaskHandler = async (...delivered) => {
        const answer = await handler(...delivered);
        answers.push(answer);
        return answer;
      };
      return consume(queues, noting, limits);
    };
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => verdicts(events), { timeout: 8000 }).toEqual([[3, 'error']]);
    await expect.poll(() => answers).toEqual(['retry', 'pass', 'retry', 'pass', 'done']);
  });

  it('tests nothing whose result is stored, and tells of that result', async () => {
    const { queue, store, worker, events, artifact } = await workshop();
    const report = { taskId: 'a', verdict: 'passed' };
    const content = async function* () {
      yield Buffer.from(JSON.stringify(report));
    };
    await store.put({ taskId: 'a', name: 'report.json' }, content());
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => verdicts(events)).toEqual([[1, 'passed']]);
    expect(await artifact('report.json')).toEqual(report);
  });

  it('keeps what the store does not take on its disk, also over its own end, and stores it when it can, the report last', async () => {
    const { queue, store, worker, open, events, names } = await workshop({ options: { maxAttempts: 1 } });
    store.isOn = false;
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(() => worker.state()).toMatchObject({ spooled: 1, running: [] });
    await worker.stop();
    expect([await names(), await Array.fromAsync(queue.deadLetters(QUEUE))]).toEqual([[], []]);
    events.length = 0;
    store.isOn = true;
    const later = open();
    const order: string[] = [];
    const put = store.put.bind(store);
    store.put = (key, ...rest) => {
      order.push(key.name);
      return put(key, ...rest);
    };
    await later.start();
    await expect.poll(names).toContain('report.json');
    expect(order.at(-1)).toBe('report.json');
    expect(order.length).toBeGreaterThan(2);
    await expect.poll(() => verdicts(events)).toEqual([[1, 'error']]);
    await expect.poll(() => later.state().spooled).toBe(0);
  });

  it('knows what waits on its disk: nothing is tested twice', async () => {
    const { queue, store, worker, events } = await workshop({ options: { maxAttempts: 1 } });
    store.isOn = false;
    await worker.start();
    for (const _ of [1, 2]) await queue.publish(QUEUE, message);
    await expect
      .poll(() => verdicts(events))
      .toEqual([
        [1, 'error'],
        [1, 'error'],
      ]);
    const begun = events.filter((told) => told.kind === 'test' && told.event.sequence === 0);
    expect(begun).toHaveLength(1);
  });

  it('writes over nothing of another attempt, nor of a twin: who makes an attempt is noted, and names differ', async () => {
    const { queue, store, worker, names } = await workshop();
    await queue.publish(QUEUE, message);
    await worker.start();
    await expect.poll(names).toContain('report.json');
    const found = await names();
    expect(found).toEqual(expect.arrayContaining(['attempt-1.json', 'attempt-2.json', 'report-attempt-1.json']));
    expect(found).toEqual(expect.arrayContaining(['start_environment.log', 'attempt-2.start_environment.log']));
    const twin = { ...message, taskId: 'b', request: { ...request, taskId: 'b' } };
    const note = async function* () {
      yield Buffer.from('the twin was first');
    };
    await store.put({ taskId: 'b', name: 'attempt-1.json' }, note(), { once: true });
    await queue.publish(QUEUE, twin);
    const ofTwin = async () => (await Array.fromAsync(store.list('b'))).map(({ name }) => name);
    await expect.poll(ofTwin).toContainEqual(expect.stringMatching(/^attempt-1-[0-9a-f]{8}\.start_environment\.log$/));
    expect(await ofTwin()).not.toContain('start_environment.log');
  });

  it('takes no tasks while its disk has no room or its runner does not answer, and says why', async () => {
    const full = await workshop({ options: { minFreeBytes: 2 ** 60 } });
    const silent = await workshop({ runner: dockerRunner({ host: 'tcp://127.0.0.1:1' }) });
    // Which has no room for anybody.
    const filled = await workshop({ runner: { ...waitingRunner(), directories: async () => ['/proc'] } });
    for (const [{ queue, worker, events }, reason] of [
      [full, /^the disk of .* has \d+ MiB free, and \d+ are wanted$/],
      [filled, /^the disk of \/proc has 0 MiB free, and 1024 are wanted$/],
      [silent, /^the runner docker is not usable: /],
    ] as const) {
      await queue.publish(QUEUE, message);
      await worker.start();
      expect(worker.state().refuses).toMatch(reason);
      const health = await healthApp(worker).request('/healthz');
      expect([health.status, await health.json()]).toEqual([
        503,
        { status: 'unavailable', reason: expect.stringMatching(reason), running: 0, spooled: 0 },
      ]);
      await expect.poll(() => events.filter(({ kind }) => kind === 'worker').length).toBeGreaterThan(2);
      expect((await queue.depth(QUEUE)).waiting).toBe(1);
    }
  });

  it('takes no tasks while its spool cannot be written to, says why, and takes them when it can', async () => {
    const { worker, spool } = await workshop();
    await worker.start();
    expect(worker.state().refuses).toBeNull();
    await rm(spool, { recursive: true });
    await writeFile(spool, 'in the way');
    await expect.poll(() => worker.state().refuses).toMatch(/^the spool is not usable: ENOTDIR/);
    await rm(spool);
    await mkdir(spool);
    await expect.poll(() => worker.state().refuses).toBeNull();
  });

  it('acknowledges nothing without a stored result: what its spool does not take comes again', async () => {
    // The spool breaks between two checks.
    const { queue, worker, spool, events, names } = await workshop({ options: { checkMs: 60_000 } });
    await worker.start();
    await rm(spool, { recursive: true });
    await writeFile(spool, 'in the way');
    await queue.publish(QUEUE, message);
    const dead = async () => (await Array.fromAsync(queue.deadLetters(QUEUE))).map(({ reason }) => reason);
    await expect.poll(dead).toEqual([expect.stringMatching(/^gave up after 5 attempts: the spool: /)]);
    expect([verdicts(events), await names()]).toEqual([[], []]);
  });

  it('counts the attempts that were made before a task was published again', async () => {
    const { queue, worker, events, names } = await workshop();
    await queue.publish(QUEUE, { ...message, attempts: 1 });
    await worker.start();
    await expect.poll(() => verdicts(events)).toEqual([[2, 'error']]);
    expect(await names()).not.toContain('report-attempt-1.json');
  });

  it('says how it is every now and then, and that it goes', async () => {
    const { worker, events } = await workshop();
    await worker.start();
    const said = () => events.flatMap((told) => (told.kind === 'worker' ? [told.state] : []));
    await expect.poll(said).toContainEqual(expect.objectContaining({ queues: [QUEUE], refuses: null, running: [] }));
    expect((await healthApp(worker).request('/healthz')).status).toBe(200);
    expect(await (await healthApp(worker).request('/metrics')).text()).toContain('alts_worker_takes_tasks 1');
    await worker.stop();
    await expect.poll(() => said().at(-1)?.refuses).toBe('it is stopping');
  });

  it('judges by the checkers that it was given: a request may name their rules, and no others', async () => {
    const words = { summary: 'It greets.', why: 'Packages are not polite.', fix: 'Remove it.', source: 'none' };
    const checker: Checker = {
      contract: 'checker/1',
      id: 'manners',
      rules: [{ id: 'greets', severity: 'warning', ...words }],
      needs: [],
      check: () => [],
    };
    const { queue, worker, events } = await workshop({ checkers: [checker], options: { maxAttempts: 1 } });
    const own = parseRequest({ ...request, severities: { 'manners/greets': 'info' } });
    const builtIn = parseRequest({ ...request, taskId: 'b', severities: { 'files/missing-file': 'info' } });
    await queue.publish(QUEUE, { ...message, request: own });
    await queue.publish(QUEUE, { ...message, taskId: 'b', request: builtIn });
    await worker.start();
    await expect.poll(() => verdicts(events)).toEqual([[1, 'error']]);
    const refused = async () => await Array.fromAsync(queue.deadLetters(QUEUE));
    await expect.poll(refused).toMatchObject([{ reason: expect.stringContaining('"files/missing-file"') }]);
  });

  it('wants a runner for each of its queues', async () => {
    const { queue, broadcast, store, runners, log } = await workshop();
    const options = { queues: ['vax-x86_64-0'], spool: 'spool' };
    expect(() => createWorker({ queue, broadcast, store, runners, log }, options)).toThrow(
      'queues: there is no runner "vax" for vax-x86_64-0; there is docker',
    );
  });
});

it('says in its log what its queue and its broadcast tell of', async () => {
  const listeners: ((error: AltsError) => void)[] = [];
  const warned: object[] = [];
  const onProblem = (listener: (error: AltsError) => void) => void listeners.push(listener);
  const { queue, broadcast, store, runners } = await workshop();
  const parts = {
    queue: Object.assign(Object.create(queue) as typeof queue, { onProblem }),
    broadcast: Object.assign(Object.create(broadcast) as typeof broadcast, { onProblem }),
    store,
    runners,
    log: { info() {}, warn: (fields: object) => void warned.push(fields), error() {} },
  };
  createWorker(parts, { queues: [QUEUE], spool: 'spool' });
  const errors = ['forbidden', 'no events'].map((message) => new AltsError('queue_unavailable', message));
  errors.forEach((error, at) => void listeners[at]?.(error));
  expect(warned).toEqual(errors.map((error) => ({ error })));
});
