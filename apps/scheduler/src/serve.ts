import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AltsError } from '@alts/sdk/plugin';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

/** How long requests that run may take when it is to stop. */
const GRACE_MS = 3000;
const LOOK_FOR_IDLE_MS = 25;

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly hostname: string;
  /** How long requests that run may take when it is to stop; then they are cut. Default: three seconds. */
  readonly graceMs?: number;
}

export interface AppServer extends AsyncDisposable {
  /** `http://host:port` */
  readonly url: string;
}

/**
 * Serves an application of Hono over HTTP, until it is disposed: a scheduler, or the health of a worker.
 * @throws {AltsError} `invalid_request` for an address that cannot be listened on
 */
export async function serveApp(app: Hono, { port, hostname, graceMs = GRACE_MS }: ServeOptions): Promise<AppServer> {
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
    [Symbol.asyncDispose]: () => closed(server as Server, graceMs),
  };
}

/** Takes no more; what is being answered is waited for, but not for ever: a stream of events has no end. */
async function closed(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // A connection that has its answer would wait for another request.
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE_MS);
  const rest = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearInterval(idle);
  clearTimeout(rest);
}
