import { AltsError, type Runner, reap } from '@alts/sdk';
import { createWorker } from '@alts/worker';
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
    { ...settings, drainMs: settings.drainSeconds * 1000 },
  );
  for (const runner of runners.values()) await reapLeft(runner);
  await worker.start();
  using interrupt = interruptible(() => programLog.info({}, 'stopping: waiting for what runs'));
  await new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve(), { once: true }));
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

/** What workers that were killed left on this machine. */
async function reapLeft(runner: Runner): Promise<void> {
  try {
    await reap(runner);
  } catch (error) {
    programLog.warn({ error }, 'what earlier workers left could not be removed');
  }
}
