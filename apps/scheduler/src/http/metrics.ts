import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AppParts, Log } from '../parts.ts';
import { queueDepths } from './queue-depths.ts';

const STATES = ['accepted', 'queued', 'running'] as const;
/** From a look into memory to a slow disk. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

type MetricsParts = Pick<AppParts, 'table' | 'callbacks' | 'fleet' | 'queue' | 'log'>;

/** What Prometheus is told: of the process, of requests, and how many tasks wait and run. */
export function metricsOf(parts: MetricsParts): {
  readonly measure: MiddlewareHandler;
  readonly answer: (context: Context) => Promise<Response>;
} {
  const { table, callbacks, fleet, log } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'alts_scheduler_' });
  const requests = new Histogram({
    name: 'alts_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  new Gauge({
    name: 'alts_tasks',
    help: 'Tasks that are not finished, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await orNothing(log, 'alts_tasks', () => table.counts());
      this.reset();
      for (const state of STATES) if (counts) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  new Gauge({
    name: 'alts_callbacks',
    help: 'Clients that are still to be told that their task is over.',
    registers: [registry],
    async collect() {
      const count = await orNothing(log, 'alts_callbacks', () => callbacks.count());
      // Not an old number, and not 0.
      if (count === undefined) this.remove();
      else this.set(count);
    },
  });
  new Gauge({
    name: 'alts_workers',
    help: 'Workers that were heard of lately, by whether they take tasks.',
    labelNames: ['takes_tasks'],
    registers: [registry],
    collect() {
      const workers = fleet.workers();
      const taking = workers.filter(({ refuses }) => refuses === null).length;
      this.set({ takes_tasks: 'yes' }, taking);
      this.set({ takes_tasks: 'no' }, workers.length - taking);
    },
  });
  new Gauge({
    name: 'alts_queue_messages',
    help: 'Messages of each queue: that wait, that wait for another try, and that it gave up (dead).',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      const depths = await orNothing(log, 'alts_queue_messages', () => queueDepths(parts));
      this.reset();
      for (const [queue, depth] of depths ?? []) {
        for (const [state, count] of Object.entries(depth ?? {})) this.set({ queue, state }, count);
      }
    },
  });
  return {
    measure: async (context, next) => {
      const end = requests.startTimer({ method: context.req.method });
      await next();
      end({ route: routePath(context, -1), status: context.res.status });
    },
    answer: async (context) => context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  };
}

/** What cannot be had now is left out, so that the rest is told: it is wanted most when something is wrong. */
async function orNothing<T>(log: Log, metric: string, value: () => Promise<T>): Promise<T | undefined> {
  try {
    return await value();
  } catch (error) {
    log.warn({ metric, error }, 'a metric cannot be had');
    return undefined;
  }
}
