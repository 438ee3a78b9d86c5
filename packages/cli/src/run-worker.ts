import { serveApp } from '@alts/scheduler';
import { AltsError, type Runner } from '@alts/sdk';
import { createWorker, healthApp, type Worker } from '@alts/worker';
import type { WorkerCommandOptions } from './commands/worker.ts';
import type { FleetConfig } from './config/fleet-config.ts';
import { readConfig } from './config/read-config.ts';
import { createPart } from './container.ts';
import { interruptible } from './interrupt.ts';
import { programLog } from './program-log.ts';

/**
 * A worker as it is configured, until it is interrupted.
 * @throws {AltsError} `invalid_request`, `invalid_plugin`
 */
export async function runWorker({ config: path, ...options }: WorkerCommandOptions): Promise<void> {
  const config = await readConfig(path, { ...process.env, ...overridesOf(options) });
  const { worker: settings } = config;
  if (!settings) throw new AltsError('invalid_request', `${path}: worker: is missing, and no --queues are given`);
  const runners = await runnersOf(config, settings.queues);
  await using queue = await createPart('queue', config.queue, 'queue');
  await using broadcast = await createPart('broadcast', config.broadcast ?? config.queue, 'broadcast');
  const store = await createPart('result-store', config.store, 'store');
  const worker = createWorker(
    { queue, broadcast, store, runners, log: programLog },
    { ...settings, drainMs: settings.drainSeconds * 1000, minFreeBytes: settings.minFreeMiB * 1024 ** 2 },
  );
  // Before it begins: what it begins with may take a while, and must be ended as well.
  using interrupt = interruptible(() => programLog.info({}, 'stopping: waiting for what runs'));
  await using _ = await serveHealth(worker, settings.listen);
  await Promise.race([worker.start(), interrupt.happened]);
  await interrupt.happened;
  await worker.stop();
}

/** As the environment would say it, so that they are checked like all else. */
function overridesOf({ queues, concurrency }: Omit<WorkerCommandOptions, 'config'>): NodeJS.ProcessEnv {
  return {
    ...(queues !== undefined && { ALTS_WORKER__QUEUES: JSON.stringify(queues.split(',')) }),
    ...(concurrency !== undefined && { ALTS_WORKER__CONCURRENCY: concurrency }),
  };
}

async function runnersOf({ runners }: FleetConfig, queues: readonly string[]): Promise<Map<string, Runner>> {
  const names = new Set(queues.map((queue) => queue.split('-')[0] ?? ''));
  const made = new Map<string, Runner>();
  for (const name of names) {
    const options = runners[name] ?? {};
    const part = { ...options, use: options.use ?? name };
    made.set(name, await createPart('runner', part, `runners.${name}`));
  }
  return made;
}

/** Undefined where nobody wants to know. */
async function serveHealth(
  worker: Worker,
  listen: { readonly host: string; readonly port: number } | undefined,
): Promise<AsyncDisposable | undefined> {
  if (!listen) return undefined;
  const server = await serveApp(healthApp(worker), { port: listen.port, hostname: listen.host });
  programLog.info({ url: server.url }, 'says how it is');
  return server;
}
