import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  createScheduler,
  makeToken,
  openTables,
  queueName,
  serveApp,
  TokenOptions,
  tokenVerifier,
} from '@alts/scheduler';
import { AltsError, type Architecture, directoryStore, memoryBroadcast, memoryQueue, type Runner } from '@alts/sdk';
import { createWorker, type WorkerParts } from '@alts/worker';
import type { DevCommandOptions } from './commands/dev.ts';
import { PROGRAMS } from './config/fleet-config.ts';
import { runnerPart } from './config/parts.ts';
import { readConfig } from './config/read-config.ts';
import { composeCheckers, createPart, createRunner } from './container.ts';
import { interruptible } from './interrupt.ts';
import { programLog } from './program-log.ts';
import { parseJobs } from './test-requests.ts';

/** Machines that Node runs on, by our names. */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * A scheduler and a worker in this process, until it is interrupted. What was accepted before a restart goes on after it.
 * @throws {AltsError} `invalid_request`; `runner_unavailable`; `store_unavailable`
 */
export async function runDev(options: DevCommandOptions): Promise<void> {
  const port = portOf(options.port);
  const concurrency = parseJobs(options.jobs, availableParallelism(), availableParallelism());
  const { runner, checkers, store } = await partsOf(options);
  await mkdir(options.data, { recursive: true });
  const secret = await secretIn(options.data);
  await using tables = await openTables(join(options.data, 'tasks.sqlite'));
  await using queue = memoryQueue();
  await using broadcast = memoryBroadcast();
  const architecture = ARCHITECTURES[process.arch] ?? 'x86_64';
  const name = /^[a-z0-9]+$/i.test(options.runner) ? options.runner : 'plugin';
  const shared = { queue, broadcast, store, log: programLog };
  await using scheduler = createScheduler({
    ...shared,
    ...tables,
    verify: await tokenVerifier(TokenOptions.parse({ secret, withoutScopes: 'everything' })),
    offer: { runners: [name], architecture },
  });
  const worker = createWorker(
    { ...shared, runners: new Map([[name, runner]]), checkers },
    { queues: [queueName(name, architecture)], concurrency, spool: join(options.data, 'spool') },
  );
  // The queue was in memory: what it had is published anew.
  await tables.table.republishAll();
  await using server = await serveApp(scheduler.app, { port, hostname: '127.0.0.1' });
  scheduler.start();
  using interrupt = interruptible(() => process.stderr.write('stopping; tests that run go on at the next start\n'));
  await Promise.race([worker.start(), interrupt.happened]);
  process.stdout.write(
    welcome(server.url, await makeToken({ secret, algorithm: 'HS256' }, { email: 'dev@localhost', scopes: ['admin'] })),
  );
  await interrupt.happened;
  await worker.stop({ now: true });
}

/** What is not always the same here. */
type OwnParts = Pick<WorkerParts, 'checkers' | 'store'> & { readonly runner: Runner };

async function partsOf(options: DevCommandOptions): Promise<OwnParts> {
  const { config: path, data, runner: name, runnerOpt } = options;
  if (path === undefined) {
    return { runner: await createRunner(options), store: directoryStore(join(data, 'results')), checkers: undefined };
  }
  if (runnerOpt) throw new AltsError('invalid_request', `--runner-opt: ${path} has the options, at runners.${name}`);
  const config = await readConfig(path, process.env, { sections: PROGRAMS.dev, runners: () => [name] });
  return {
    runner: await createPart('runner', runnerPart(config, name), `runners.${name}`),
    checkers: await composeCheckers(config.checkers),
    store: await createPart('result-store', config.store, 'store'),
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new AltsError('invalid_request', `--port: ${JSON.stringify(text)} is not a number from 0 to 65535`);
}

/** Made once, so that tokens of an earlier start are still good. */
async function secretIn(directory: string): Promise<string> {
  const path = join(directory, 'jwt.secret');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const secret = randomBytes(32).toString('base64url');
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    return secret;
  }
}

function welcome(url: string, token: string): string {
  return `The scheduler listens on ${url}, a worker waits. Ctrl-C ends both.

export TOKEN=${token}
curl -s -H "Authorization: Bearer $TOKEN" ${url}/tasks -d '{"package": {"name": "hello"}, "system": "debian:12"}'
curl -s -H "Authorization: Bearer $TOKEN" ${url}/tasks

`;
}
