import type { MiddlewareHandler } from 'hono';

/**
 * Answers HEAD as Hono does, with the headers of GET, and gives up what GET would send: Hono drops the body as it is, and
 * with it a file that stays open, or a stream that looks for news for ever.
 */
export const answerHead: MiddlewareHandler = async (context, next) => {
  await next();
  if (context.req.raw.method === 'HEAD') await context.res.body?.cancel();
};
