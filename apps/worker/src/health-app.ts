import { Hono } from 'hono';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Worker } from './create-worker.ts';

/**
 * For those who run the worker: `GET /healthz` (200 while it takes tasks, 503 with the reason while it does not) and
 * `GET /metrics` for Prometheus. Nothing here needs a token, and nothing here tells of tasks.
 */
export function healthApp(worker: Worker): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => {
    const { refuses, running, spooled } = worker.state();
    const facts = { running: running.length, spooled };
    if (refuses === null) return context.json({ status: 'ok', ...facts });
    return context.json({ status: 'unavailable', reason: refuses, ...facts }, 503);
  });
  const registry = metricsOf(worker);
  app.get('/metrics', async (context) =>
    context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  );
  return app;
}

function metricsOf(worker: Worker): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'alts_worker_' });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('alts_worker_running', 'Tests that run.', () => worker.state().running.length);
  gauge('alts_worker_slots', 'Tests that may run side by side, by each runner.', () => worker.state().concurrency);
  gauge('alts_worker_spooled', 'Tasks whose results wait on the disk.', () => worker.state().spooled);
  gauge('alts_worker_takes_tasks', '1 while it takes tasks, 0 while it refuses.', () =>
    worker.state().refuses === null ? 1 : 0,
  );
  return registry;
}
