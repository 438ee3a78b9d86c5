import type { AddressInfo } from 'node:net';
import { AltsError } from '@alts/sdk/plugin';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface AppServer extends AsyncDisposable {
  /** `http://host:port` */
  readonly url: string;
}

/**
 * Serves an application of Hono over HTTP, until it is disposed: a scheduler, or the health of a worker.
 * @param options `port` 0: any that is free
 * @throws {AltsError} `invalid_request` for an address that cannot be listened on
 */
export async function serveApp(
  app: Hono,
  { port, hostname }: { readonly port: number; readonly hostname: string },
): Promise<AppServer> {
  const server = serve({ fetch: app.fetch, port, hostname });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve);
  server.once('error', reject);
  await promise.catch((cause: Error) => {
    throw new AltsError('invalid_request', `port: cannot listen on ${hostname}:${port}: ${cause.message}`, { cause });
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${hostname}:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
