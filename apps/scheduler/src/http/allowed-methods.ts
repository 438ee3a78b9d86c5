import type { Hono } from 'hono';

/**
 * Methods that a path has routes for, as `Allow` lists them (RFC 9110, section 10.2.1). GET answers HEAD, too.
 * @returns none for a path that is not there
 */
export function allowedMethods({ routes }: Pick<Hono, 'routes'>, path: string): string[] {
  const segments = path.split('/');
  const fits = (pattern: readonly string[]) =>
    pattern.length === segments.length &&
    pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]));
  const found = routes.filter((route) => route.method !== 'ALL' && fits(route.path.split('/')));
  const methods = new Set(found.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
  return [...methods].sort();
}
