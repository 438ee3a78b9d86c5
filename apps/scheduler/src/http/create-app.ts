import { Hono } from 'hono';
import type { AppParts } from '../parts.ts';
import { allowedMethods } from './allowed-methods.ts';
import { answerHead } from './answer-head.ts';
import { eventRoutes } from './event-routes.ts';
import { legacyRoutes } from './legacy-routes.ts';
import { metricsOf } from './metrics.ts';
import { openApiRoutes } from './openapi-routes.ts';
import { answerProblem, logFault, problemOf } from './problem.ts';
import { queueRoutes } from './queue-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { taskRoutes } from './task-routes.ts';

/** All that the scheduler answers. */
export function createApp(parts: AppParts): Hono {
  const app = new Hono();
  const metrics = metricsOf(parts);
  app.use(answerHead);
  app.use(metrics.measure);
  app.get('/metrics', metrics.answer);
  app.route('/', serviceRoutes(parts));
  app.route('/', legacyRoutes(parts));
  app.route('/', taskRoutes(parts));
  app.route('/', eventRoutes(parts));
  app.route('/', queueRoutes(parts));
  app.route('/', openApiRoutes());
  app.notFound((context) => {
    const { method, path } = context.req;
    const allow = allowedMethods(app, path).join(', ');
    if (allow !== '') {
      const detail = `there is no ${method} ${path}; there is ${allow}`;
      return answerProblem(context, { status: 405, code: 'method_not_allowed', detail }, { allow });
    }
    const detail = `there is no ${method} ${path}`;
    return answerProblem(context, { status: 404, code: 'not_found', detail });
  });
  app.onError((error, context) => {
    logFault(parts.log, error);
    return answerProblem(context, problemOf(error));
  });
  return app;
}
