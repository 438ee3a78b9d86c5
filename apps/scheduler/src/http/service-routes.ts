import { AltsError } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import type { SchedulerParts } from '../parts.ts';

/** For those who run the scheduler. Nothing here needs a token, and nothing here tells of tasks. */
export function serviceRoutes({ table }: SchedulerParts): Hono {
  const routes = new Hono();
  routes.get('/healthz', (context) => context.json({ status: 'ok' }));
  routes.get('/readyz', async (context) => {
    const counts = await table.counts().catch((error: Error) => error);
    if (!(counts instanceof Error)) return context.json({ status: 'ok' });
    const reason = AltsError.is(counts) ? counts.message : `the task table: ${counts.message}`;
    return context.json({ status: 'unavailable', reason }, 503);
  });
  return routes;
}
