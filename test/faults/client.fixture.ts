import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One who is told of tasks that are over, and counts how often. */
export interface Client extends AsyncDisposable {
  readonly url: string;
  /** By the id of the task: what it was told, each time. */
  readonly told: ReadonlyMap<string, readonly unknown[]>;
}

export async function openClient(): Promise<Client> {
  const told = new Map<string, unknown[]>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    const id = String(request.headers['idempotency-key']);
    told.set(id, [...(told.get(id) ?? []), JSON.parse(body)]);
    response.end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
