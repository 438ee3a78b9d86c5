import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AppParts } from '../parts.ts';

const STATES = ['accepted', 'queued', 'running'] as const;
/** From a look into memory to a slow disk. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** What Prometheus is told: of the process, of requests, and how many tasks wait and run. */
export function metricsOf({ table, callbacks, fleet }: Pick<AppParts, 'table' | 'callbacks' | 'fleet'>): {
  readonly measure: MiddlewareHandler;
  readonly answer: (context: Context) => Promise<Response>;
} {
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
      const counts = await table.counts();
      for (const state of STATES) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  new Gauge({
    name: 'alts_callbacks',
    help: 'Clients that are still to be told that their task is over.',
    registers: [registry],
    async collect() {
      this.set(await callbacks.count());
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
  return {
    measure: async (context, next) => {
      const end = requests.startTimer({ method: context.req.method });
      await next();
      end({ route: routePath(context, -1), status: context.res.status });
    },
    answer: async (context) => context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  };
}
