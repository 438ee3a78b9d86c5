import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '@alts/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitMq, startRabbitMq } from '../../../fixtures/services/rabbitmq.ts';
import { alts, type Started, start } from './alts-process.fixture.ts';

const secret = 'the secret of a fleet that is only a test';
let broker: RabbitMq;
let directory: string;
let config: string;
let url: string;
const running = new Set<Started>();

async function startProgram(args: readonly string[], says: string): Promise<Started> {
  const program = start(args, {}, directory);
  running.add(program);
  void program.finished.then(() => running.delete(program));
  await program.said(says);
  return program;
}
const startWorker = () => startProgram(['worker', '-c', config, '--concurrency', '2'], 'taking tasks');
async function startScheduler(): Promise<Started> {
  const program = await startProgram(['scheduler', '-c', config], 'listening');
  return program;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-fleet-'));
  broker = await startRabbitMq('3.10');
  config = join(directory, 'fleet.yaml');
  const port = 20_000 + (process.pid % 20_000);
  url = `http://127.0.0.1:${port}`;
  await writeFile(
    config,
    `queue: { use: amqp, url: '${broker.url}', retryDelayMs: 500, pollMs: 100 }
scheduler:
  port: ${port}
  token: { secret: ${secret} }
worker:
  queues: [docker-x86_64-0]
  drainSeconds: 60
`,
  );
});
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all([...running].map(({ finished }) => finished));
  await alts(['reap']);
  await broker[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const token = await makeToken({ secret, algorithm: 'HS256' }, { email: 'test@localhost', scopes: ['admin'] });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await response.json()) as Record<string, unknown>;
}
interface Task {
  readonly id: string;
  readonly state: string;
  readonly verdict: string;
  readonly attempt: number;
}
const tasks = async () => (await ask('GET', '/tasks?limit=100'))['tasks'] as Task[];

describe('a fleet of a scheduler and workers over RabbitMQ', () => {
  it('ends each task once, also when a worker is killed, the scheduler is killed, and the broker is switched off', async () => {
    let scheduler = await startScheduler();
    const doomed = await startWorker();
    const packages = ['hello', 'sed', 'grep', 'gzip', 'no-such-package-xyz', 'less'].map((name) => ({ name }));
    const { ids } = await ask('POST', '/tasks/batch', { packages, systems: ['debian:12/x86_64'] });
    expect(ids).toHaveLength(packages.length);
    await expect
      .poll(async () => (await tasks()).filter(({ state }) => state === 'running').length, { timeout: 30_000 })
      .toBe(2);
    doomed.child.kill('SIGKILL');
    scheduler.child.kill('SIGKILL');
    await Promise.all([doomed.finished, scheduler.finished]);
    await broker.stop();
    scheduler = await startScheduler();
    // Accepted while there is no broker: on the disk, and published when there is one.
    const late = await ask('POST', '/tasks', { package: { name: 'ed' }, system: 'debian:12/x86_64' });
    await broker.start();
    await startWorker();
    const over = async () => (await tasks()).filter(({ state }) => state === 'finished').length;
    await expect.poll(over, { timeout: 120_000, interval: 500 }).toBe(packages.length + 1);
    const verdicts = Object.groupBy(await tasks(), ({ verdict }) => verdict);
    expect([verdicts['passed']?.length, verdicts['failed']?.length]).toEqual([packages.length, 1]);
    for (const id of [...(ids as string[]), String(late['id'])]) {
      expect(await ask('GET', `/tasks/${id}/artifacts/report.json`)).toMatchObject({ taskId: id });
    }
    // What was delivered again is answered from the store, and nothing is left to deliver.
    const left = async () => {
      const lines = (await broker.exec('rabbitmqctl', '--quiet', 'list_queues', 'name', 'messages')).split('\n');
      return lines.filter((line) => line.startsWith('docker-')).sort();
    };
    const empty = ['', '.dead', '.high', '.retry'].map((end) => `docker-x86_64-0${end}\t0`);
    await expect.poll(left, { timeout: 30_000, interval: 500 }).toEqual(empty);
  });

  it('waits for what runs when a worker is asked to stop, and hands nothing over half', async () => {
    const { id } = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12/x86_64' });
    await expect.poll(async () => (await ask('GET', `/tasks/${id}`))['state'], { timeout: 30_000 }).toBe('running');
    const [worker] = [...running].filter(({ child }) => child.spawnargs.includes('worker'));
    worker?.child.kill('SIGTERM');
    expect((await worker?.finished)?.code).toBe(0);
    await expect
      .poll(() => ask('GET', `/tasks/${id}`))
      .toMatchObject({ state: 'finished', verdict: 'passed', attempt: 1 });
  });
});

describe('a configuration', () => {
  it('is shown as it was understood, without secrets', async () => {
    const { code, stdout } = await alts(['config', 'check', config]);
    expect(code).toBe(0);
    expect(stdout).toContain('use: amqp');
    expect(stdout).not.toContain(secret);
    expect(stdout).not.toContain('guest:guest');
  });

  it.each([
    [['scheduler', '-c', '/no/such.yaml'], 'cannot read "/no/such.yaml"'],
    [['worker', '-c', 'fleet.yaml', '--queues', 'docker'], 'worker.queues.0: must be <runner>-<architecture>-<cost>'],
    [['worker', '-c', 'fleet.yaml', '--queues', 'vax-x86_64-0'], 'runners.vax: "vax": unknown runner'],
    [['worker', '-c', 'fleet.yaml', '--concurrency', 'many'], 'worker.concurrency: '],
  ])('%j is refused with one line', async (args, message) => {
    const { code, stderr } = await alts(args, {}, directory);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
