import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ResultStore } from '@alts/sdk/plugin';
import { bytesOf, collect, pieces, rejectsWithCode } from '../expectations.ts';
import type { StoreCase } from './store-subject.ts';

export type CreateSilent = (server: URL) => ResultStore | Promise<ResultStore>;

/** The head of an answer to whatever is asked, and a few bytes of the million that it speaks of. */
const HALF_AN_ANSWER = [
  'HTTP/1.1 200 OK',
  'content-type: application/xml',
  'content-length: 1000000',
  'etag: "0x1"',
  'last-modified: Thu, 01 Jan 2026 00:00:00 GMT',
  '',
  '<?xml version="1.0"?>',
].join('\r\n');

/** Takes connections, hears everything, says that much, and then nothing any more. */
async function silentServer(says: string): Promise<AsyncDisposable & { readonly url: URL }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume().once('data', () => socket.write(says));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** All at once: each may take as long as the store waits for its server. */
async function givesUp(store: ResultStore, taskId: string): Promise<void> {
  const key = { taskId, name: 'log' };
  await Promise.all([
    rejectsWithCode('put', 'store_unavailable', store.put(key, pieces('x'))),
    rejectsWithCode('put, once', 'store_unavailable', store.put(key, pieces('x'), { once: true })),
    rejectsWithCode('get', 'store_unavailable', bytesOf(store.get(key))),
    rejectsWithCode('list', 'store_unavailable', collect(store.list(taskId))),
    store.remove && rejectsWithCode('remove', 'store_unavailable', store.remove(taskId)),
  ]);
}

export function silenceCases(createSilent: CreateSilent): readonly StoreCase[] {
  return [
    {
      name: 'says store_unavailable when it takes connections and never answers',
      run: async ({ taskId }) => {
        await using server = await silentServer('');
        await givesUp(await createSilent(server.url), taskId);
      },
    },
    {
      name: 'says store_unavailable when it falls silent in the middle of a listing',
      run: async ({ taskId }) => {
        await using server = await silentServer(HALF_AN_ANSWER);
        const store = await createSilent(server.url);
        await rejectsWithCode('list', 'store_unavailable', collect(store.list(taskId)));
      },
    },
  ];
}
