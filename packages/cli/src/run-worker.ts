import { serveApp } from '@alts/scheduler';
import { AltsError, type Runner } from '@alts/sdk';
import { createWorker, healthApp, type Worker } from '@alts/worker';
import type { WorkerCommandOptions } from './commands/worker.ts';
import type { Override } from './config/environment-overrides.ts';
import { type FleetConfig, PROGRAMS } from './config/fleet-config.ts';
import { broadcastPart, runnerPart } from './config/parts.ts';
import { runnerNames } from './config/plugin-names.ts';
import { readConfig } from './config/read-config.ts';
import { composeCheckers, createPart } from './container.ts';
import { interruptible } from './interrupt.ts';
import { programLog } from './program-log.ts';

/**
 * A worker as it is configured, until it is interrupted.
 * @throws {AltsError} `invalid_request`, `invalid_plugin`
 */
export async function runWorker({ config: path, ...options }: WorkerCommandOptions): Promise<void> {
  const config = await readConfig(path, process.env, {
    sections: PROGRAMS.worker,
    said: overridesOf(options),
    runners: ({ worker }) => runnerNames(worker?.queues ?? []),
  });
  const { worker: settings } = config;
  if (!settings) throw new AltsError('invalid_request', `${path}: worker: is missing, and no --queues are given`);
  const runners = await runnersOf(config, settings.queues);
  const checkers = await composeCheckers(config.checkers);
  const store = await createPart('result-store', config.store, 'store');
  await using queue = await createPart('queue', config.queue, 'queue');
  await using broadcast = await createPart('broadcast', broadcastPart(config), 'broadcast');
  const worker = createWorker(
    { queue, broadcast, store, runners, checkers, log: programLog },
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
function overridesOf({ queues, concurrency }: Omit<WorkerCommandOptions, 'config'>): Override[] {
  return [
    ...(queues === undefined ? [] : [{ name: '--queues', path: ['worker', 'queues'], value: queues.split(',') }]),
    ...(concurrency === undefined
      ? []
      : [{ name: '--concurrency', path: ['worker', 'concurrency'], value: concurrency }]),
  ];
}

async function runnersOf(
  config: Pick<FleetConfig, 'runners' | 'plugins'>,
  queues: readonly string[],
): Promise<Map<string, Runner>> {
  const made = new Map<string, Runner>();
  for (const name of runnerNames(queues)) {
    made.set(name, await createPart('runner', runnerPart(config, name), `runners.${name}`));
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
