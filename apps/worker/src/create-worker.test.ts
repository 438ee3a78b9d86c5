import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerRunner } from '@alts/runner-docker';
import {
  directoryStore,
  memoryBroadcast,
  memoryQueue,
  parseRequest,
  type TaskEvent,
  type TaskMessage,
  type TestReport,
} from '@alts/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWorker } from './create-worker.ts';

const QUEUE = 'docker-x86_64-0';

/** A worker whose engine does not answer. */
async function workshop() {
  const directory = await mkdtemp(join(tmpdir(), 'alts-worker-'));
  const parts = {
    queue: memoryQueue({ maxAttempts: 5 }),
    broadcast: memoryBroadcast(),
    store: directoryStore(directory),
    runners: new Map([['docker', dockerRunner({ host: 'tcp://127.0.0.1:1' })]]),
    log: { info() {}, warn() {}, error() {} },
  };
  const events: TaskEvent[] = [];
  parts.broadcast.onAll((event) => events.push(event));
  const worker = createWorker(parts, { queues: [QUEUE], maxAttempts: 2 });
  onTestFinished(async () => {
    await worker.stop({ now: true });
    await rm(directory, { recursive: true });
  });
  const artifact = async (name: string) => {
    const chunks = await Array.fromAsync(parts.store.get({ taskId: 'a', name }));
    return JSON.parse(Buffer.concat(chunks).toString()) as TestReport;
  };
  return { ...parts, worker, events, artifact };
}

const request = parseRequest({ taskId: 'a', package: { name: 'hello' }, system: 'debian:12' });
const message: TaskMessage = { schemaVersion: 1, taskId: 'a', request };
const verdicts = (events: readonly TaskEvent[]) =>
  events.flatMap((told) =>
    told.kind === 'test' && told.event.type === 'verdict' ? [[told.attempt, told.event.verdict]] : [],
  );

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

  it('wants a runner for each of its queues', async () => {
    const { queue, broadcast, store, runners, log } = await workshop();
    expect(() => createWorker({ queue, broadcast, store, runners, log }, { queues: ['vax-x86_64-0'] })).toThrow(
      'queues: there is no runner "vax" for vax-x86_64-0; there is docker',
    );
  });
});
