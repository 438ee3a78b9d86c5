import type { Hono } from 'hono';
import { createApp } from './http/create-app.ts';
import type { SchedulerParts } from './parts.ts';
import { Callbacks } from './tasks/callbacks.ts';
import { Fleet } from './tasks/fleet.ts';
import { Relay } from './tasks/relay.ts';
import { Retention, type RetentionOptions } from './tasks/retention.ts';
import { TaskNews } from './tasks/task-news.ts';
import { Watch } from './tasks/watch.ts';
import { Watchdog, type WatchdogOptions } from './tasks/watchdog.ts';

/** A scheduler: what it answers, and what it does meanwhile. */
export interface Scheduler extends AsyncDisposable {
  /** To be served, or mounted in a larger application of Hono. */
  readonly app: Hono;
  /** Begins to publish, to listen and to look after tasks. */
  start(): void;
}

export interface SchedulerOptions {
  readonly watchdog?: WatchdogOptions | undefined;
  /** Left out: tasks and what the store has of them are kept for ever. */
  readonly retention?: RetentionOptions | undefined;
}

/**
 * Puts a scheduler together; it owns none of the parts that it is given, and disposes of none.
 * @throws {AltsError} `invalid_request` for a retention with a store that removes nothing
 */
export function createScheduler(parts: SchedulerParts, options: SchedulerOptions = {}): Scheduler {
  const fleet = new Fleet();
  const news = new TaskNews();
  const callbackOptions = parts.callbackOptions ?? { hosts: [] };
  const relay = new Relay(parts);
  const watch = new Watch({ ...parts, fleet, news });
  const callbacks = new Callbacks({ ...parts, callbackOptions });
  const watchdog = new Watchdog(parts, options.watchdog);
  const retention = options.retention && new Retention(parts, options.retention);
  const app = createApp({ ...parts, callbackOptions, fleet, news, accepted: (row) => relay.take(row) });
  return {
    app,
    start: () => {
      for (const part of [watch, relay, callbacks, watchdog, retention]) part?.start();
    },
    async [Symbol.asyncDispose]() {
      for (const part of [retention, watchdog, callbacks, relay, watch]) await part?.[Symbol.asyncDispose]();
    },
  };
}
