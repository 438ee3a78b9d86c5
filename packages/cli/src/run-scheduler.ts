import { createScheduler, migrate, openDatabase, openTables, serveApp, tokenVerifier, whyWeak } from '@alts/scheduler';
import { AltsError } from '@alts/sdk';
import type { SchedulerCommandOptions } from './commands/scheduler.ts';
import { type FleetConfig, PROGRAMS } from './config/fleet-config.ts';
import { broadcastPart } from './config/parts.ts';
import { readConfig } from './config/read-config.ts';
import { createPart } from './container.ts';
import { interruptible } from './interrupt.ts';
import { programLog } from './program-log.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * A scheduler as it is configured, until it is interrupted.
 * @throws {AltsError} `invalid_request`, `invalid_plugin`, `store_unavailable`
 */
export async function runScheduler({ config: path, dev }: SchedulerCommandOptions): Promise<void> {
  const config = await readConfig(path, process.env, { sections: PROGRAMS.scheduler });
  const settings = settingsOf(config, path);
  const weak = !dev && 'secret' in settings.token ? whyWeak(settings.token.secret) : undefined;
  if (weak !== undefined) throw new AltsError('invalid_request', `scheduler.token: ${weak}; for a try, say --dev`);
  const verify = await tokenVerifier(settings.token);
  const store = await createPart('result-store', config.store, 'store');
  await using tables = await openTables(settings.database);
  await using queue = await createPart('queue', config.queue, 'queue');
  await using broadcast = await createPart('broadcast', broadcastPart(config), 'broadcast');
  const { silentSeconds, lostSeconds, stuckSeconds, expiresAfterDays } = settings;
  const watchdog = { silentMs: silentSeconds * 1000, emptyMs: lostSeconds * 1000, anyMs: stuckSeconds * 1000 };
  const parts = {
    ...tables,
    queue,
    broadcast,
    store,
    verify,
    offer: settings,
    callbackOptions: config.callbacks,
    log: programLog,
  };
  const retention = expiresAfterDays === undefined ? undefined : { expiresAfterMs: expiresAfterDays * DAY_MS };
  await using scheduler = createScheduler(parts, { watchdog, retention });
  await using server = await serveApp(scheduler.app, { port: settings.port, hostname: settings.host });
  scheduler.start();
  programLog.info({ url: server.url }, 'listening');
  using interrupt = interruptible(() => programLog.info({}, 'stopping'));
  await interrupt.happened;
}

/** Brings the tables to what this version needs, and says what was done. */
export async function migrateTables(path: string): Promise<void> {
  const config = await readConfig(path, process.env, { sections: PROGRAMS.schedulerAlone });
  const { db } = await openDatabase(settingsOf(config, path).database);
  try {
    const done = await migrate(db);
    process.stdout.write(done.length > 0 ? `migrated: ${done.join(', ')}\n` : 'nothing to migrate\n');
  } finally {
    await db.destroy();
  }
}

function settingsOf(
  { scheduler }: Pick<FleetConfig, 'scheduler'>,
  path: string,
): NonNullable<FleetConfig['scheduler']> {
  if (scheduler) return scheduler;
  throw new AltsError(
    'invalid_request',
    `${path}: scheduler: is missing (jwt_secret, where the file is of the Python system)`,
  );
}
