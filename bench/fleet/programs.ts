import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeToken } from '@alts/scheduler';
import { freePort } from '../../fixtures/services/free-port.ts';

const SECRET = 'the secret of a fleet that is only measured';
export const CLI = join(import.meta.dirname, '../../packages/cli/bin/alts.js');
const NOOP = join(import.meta.dirname, 'noop-runner.ts');
export const QUEUE = 'noop-x86_64-0';

/** A scheduler and a worker as users run them, each a process of the built command. */
export class Programs implements AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly #directory: string;
  readonly #children = new Map<string, ChildProcess>();

  private constructor(directory: string, url: string, token: string) {
    this.#directory = directory;
    this.url = url;
    this.token = token;
  }

  /**
   * Writes their configuration; nothing runs yet.
   * @param database of the scheduler; left out, a file of SQLite
   */
  static async create(directory: string, broker: string, database?: string): Promise<Programs> {
    const port = await freePort();
    await writeFile(join(directory, 'fleet.yaml'), configuration(broker, port, database));
    const own = { email: 'bench@localhost', scopes: ['tasks:read', 'tasks:write'] } as const;
    const token = await makeToken({ secret: SECRET, algorithm: 'HS256' }, own);
    return new Programs(directory, `http://127.0.0.1:${port}`, token);
  }

  startScheduler = () => this.#start('scheduler', 'listening');
  /** @param concurrency tests side by side */
  startWorker = (concurrency: number) => this.#start('worker', 'taking tasks', ['--concurrency', String(concurrency)]);

  async #start(name: 'scheduler' | 'worker', says: string, args: readonly string[] = []): Promise<void> {
    const child = spawn(process.execPath, [CLI, name, '-c', 'fleet.yaml', ...args], {
      cwd: this.#directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#children.set(name, child);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text;
      if (said.includes(says)) resolve();
    });
    child.once('exit', () => reject(new Error(`${name} ended: ${said}`)));
    await promise;
  }

  async stop(name: 'scheduler' | 'worker'): Promise<void> {
    const child = this.#children.get(name);
    if (!child) return;
    this.#children.delete(name);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** MiB that a program has in memory (VmRSS of proc(5)). */
  async memory(name: 'scheduler' | 'worker'): Promise<number> {
    const status = await readFile(`/proc/${this.#children.get(name)?.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }

  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Of tasks that are not over, as the metrics say it. */
  async unfinished(): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const counts = [...text.matchAll(/^alts_tasks\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('worker');
    await this.stop('scheduler');
  }
}

const configuration = (broker: string, port: number, database = 'tasks.sqlite') => `
queue: { use: amqp, url: '${broker}', pollMs: 20 }
store: { use: directory, path: results }
scheduler:
  port: ${port}
  database: '${database}'
  token: { secret: ${SECRET} }
  runners: [noop, docker]
worker:
  queues: [${QUEUE}, docker-x86_64-0]
  maxAttempts: 1
runners:
  noop: { use: '${NOOP}' }
  docker: {}
`;
