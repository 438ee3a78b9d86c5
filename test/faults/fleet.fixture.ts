import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amqpBroadcast, amqpQueue } from '@alts/queue-amqp';
import { makeToken } from '@alts/scheduler';
import type { Broadcast, Queue, ResultStore } from '@alts/sdk';
import { s3Store } from '@alts/storage-s3';
import { execa } from 'execa';
import { freePort } from '../../fixtures/services/free-port.ts';
import { startPostgreSql } from '../../fixtures/services/postgres.ts';
import { type RabbitMq, startRabbitMq } from '../../fixtures/services/rabbitmq.ts';
import { type S3Service, startS3 } from '../../fixtures/services/s3.ts';
import { alts, type Started, start } from '../../packages/cli/src/alts-process.fixture.ts';
import { startGitServer } from '../../packages/sdk/src/suites/git/git-server.fixture.ts';
import { type Client, openClient } from './client.fixture.ts';
import { type Line, openLine } from './line.fixture.ts';

export const QUEUE = 'docker-x86_64-0';
const SECRET = 'the secret of a fleet that is only there to suffer';
/** Two that share a PostgreSQL, and one with a SQLite of its own. */
const SCHEDULERS = ['a', 'b', 'c'] as const;
const WORKERS = ['one', 'two', 'three'] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];
export type WorkerName = (typeof WORKERS)[number];

/** A fleet as it is deployed: every part a process of its own, every service the real one. */
export class Fleet implements AsyncDisposable {
  readonly broker: RabbitMq;
  /** Between all and the store; between the third worker and the broker. */
  readonly lines: { readonly store: Line; readonly brokerOfThree: Line };
  readonly client: Client;
  /** What the fleet uses, as one who watches it does. */
  readonly queue: Queue;
  readonly broadcast: Broadcast;
  readonly store: ResultStore;
  /** What tests of tasks are fetched from. */
  readonly suite: string;
  readonly #services: readonly AsyncDisposable[];
  readonly #directory: string;
  readonly #ports: Readonly<Record<SchedulerName, number>>;
  readonly #programs = new Map<string, Started>();

  private constructor(parts: {
    broker: RabbitMq;
    lines: Fleet['lines'];
    client: Client;
    queue: Queue;
    broadcast: Broadcast;
    store: ResultStore;
    suite: string;
    services: readonly AsyncDisposable[];
    directory: string;
    ports: Readonly<Record<SchedulerName, number>>;
  }) {
    this.broker = parts.broker;
    this.lines = parts.lines;
    this.client = parts.client;
    this.queue = parts.queue;
    this.broadcast = parts.broadcast;
    this.store = parts.store;
    this.suite = parts.suite;
    this.#services = parts.services;
    this.#directory = parts.directory;
    this.#ports = parts.ports;
  }

  /** Services, a configuration for each program, and nothing running yet. */
  static async create(): Promise<Fleet> {
    const [broker, s3, database] = await Promise.all([startRabbitMq('4.0'), startS3(), startPostgreSql()]);
    const [store, brokerOfThree] = await Promise.all([openLine(s3.port(5000)), openLine(broker.port(5672))]);
    const client = await openClient();
    const git = await startGitServer();
    await git.commit('hello-tests', { 'checks/10_says_hello.sh': 'hello | grep -q world\n' });
    const directory = await mkdtemp(join(tmpdir(), 'alts-faults-'));
    const ports = { a: await freePort(), b: await freePort(), c: await freePort() };
    await createBucket(s3);
    const settings = { broker, store, client };
    for (const name of SCHEDULERS) {
      const table = name === 'c' ? 'c.sqlite' : database.url;
      await writeFile(join(directory, `${name}.yaml`), schedulerConfig(settings, ports[name], table));
    }
    for (const name of WORKERS) {
      const url = name === 'three' ? `amqp://guest:guest@127.0.0.1:${brokerOfThree.port}` : broker.url;
      await writeFile(join(directory, `${name}.yaml`), workerConfig(settings, name, url));
    }
    const queue = amqpQueue({ url: broker.url, maxAttempts: MAX_ATTEMPTS });
    const broadcast = amqpBroadcast({ url: broker.url });
    return new Fleet({
      broker,
      lines: { store, brokerOfThree },
      client,
      queue,
      broadcast,
      store: s3Store({ bucket: BUCKET, endpoint: s3.endpoint, ...KEYS }),
      suite: git.url('hello-tests'),
      services: [queue, broadcast, client, git, store, brokerOfThree, broker, s3, database],
      directory,
      ports,
    });
  }

  async startScheduler(name: SchedulerName): Promise<void> {
    await this.#start(name, ['scheduler', '-c', `${name}.yaml`], 'listening');
  }

  async startWorker(name: WorkerName): Promise<void> {
    await this.#start(name, ['worker', '-c', `${name}.yaml`], 'taking tasks');
  }

  async startAll(): Promise<void> {
    // The first makes the tables.
    for (const name of SCHEDULERS) await this.startScheduler(name);
    await Promise.all(WORKERS.map((name) => this.startWorker(name)));
  }

  /** As by the power switch. */
  async kill(name: SchedulerName | WorkerName): Promise<void> {
    const program = this.#programs.get(name);
    program?.child.kill('SIGKILL');
    await program?.finished;
    this.#programs.delete(name);
  }

  /** As an operator does. */
  async stopWorkers(): Promise<void> {
    const programs = WORKERS.flatMap((name) => this.#programs.get(name) ?? []);
    for (const { child } of programs) child.kill('SIGTERM');
    await Promise.all(programs.map(({ finished }) => finished));
  }

  async ask<T = Record<string, unknown>>(by: SchedulerName, method: string, path: string, body?: object): Promise<T> {
    const own = { email: 'faults@localhost', scopes: ['admin'] } as const;
    const token = await makeToken({ secret: SECRET, algorithm: 'HS256' }, own);
    const response = await fetch(`http://127.0.0.1:${this.#ports[by]}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async metric(by: SchedulerName, name: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.#ports[by]}/metrics`);
    const line = (await response.text()).split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? Number.NaN);
  }

  /** Environments of these tasks, as the engine knows them. */
  async environments(taskIds: readonly string[]): Promise<string[]> {
    const format = '{{.ID}} {{.Label "org.alts.lease.task"}}';
    const filter = 'label=org.alts.lease.task';
    const { stdout } = await execa('docker', ['ps', '--all', '--no-trunc', '--filter', filter, '--format', format]);
    return stdout.split('\n').filter((line) => taskIds.includes(line.split(' ')[1] ?? ''));
  }

  async #start(name: string, args: readonly string[], says: string): Promise<void> {
    const program = start(args, {}, this.#directory);
    this.#programs.set(name, program);
    await program.said(says);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.#programs.values()) child.kill('SIGKILL');
    await Promise.all([...this.#programs.values()].map(({ finished }) => finished));
    for (const service of this.#services) await service[Symbol.asyncDispose]();
    await alts(['reap']);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

const BUCKET = 'alts-faults';
const KEYS = { accessKeyId: 'any', secretAccessKey: 'any' };
/** Each death of a worker is an attempt of what it ran, and there are many of them here. */
const MAX_ATTEMPTS = 20;

interface Settings {
  readonly broker: RabbitMq;
  readonly store: Line;
  readonly client: Client;
}

const shared = ({ store }: Settings, broker: string) => `
queue:
  use: amqp
  url: ${broker}
  maxAttempts: ${MAX_ATTEMPTS}
  retryDelayMs: 500
  pollMs: 100
  timeoutMs: 5000
  heartbeatSeconds: 3
  leaseAfterMs: 3000
  leaseMs: 6000
store:
  use: s3
  bucket: ${BUCKET}
  endpoint: http://127.0.0.1:${store.port}
  accessKeyId: ${KEYS.accessKeyId}
  secretAccessKey: ${KEYS.secretAccessKey}
  timeoutMs: 3000
`;

const schedulerConfig = (settings: Settings, port: number, table: string) => `${shared(settings, settings.broker.url)}
scheduler:
  port: ${port}
  database: ${table}
  token: { secret: ${SECRET} }
  silentSeconds: 2
  lostSeconds: 15
callbacks:
  hosts: [127.0.0.1]
  base: ${settings.client.url}
`;

const workerConfig = (settings: Settings, name: WorkerName, broker: string) => `${shared(settings, broker)}
worker:
  name: ${name}
  queues: [${QUEUE}]
  concurrency: 2
  maxAttempts: ${MAX_ATTEMPTS}
  spool: spool-${name}
  drainSeconds: 60
`;

async function createBucket({ endpoint }: S3Service): Promise<void> {
  const response = await fetch(`${endpoint}/${BUCKET}`, { method: 'PUT' });
  if (!response.ok) throw new Error(`the bucket: ${response.status} ${await response.text()}`);
}
