import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Answer, startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { azureStore } from './azure-store.ts';

// That it gives up where a server never answers, or stops in a listing, is a case of the suite of conformance.

const key = { taskId: 't', name: 'a.log' };
const at = (url: string, timeoutMs: number, maxAttempts = 1) =>
  azureStore({
    container: 'alts',
    connectionString: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=${url}/a`,
    maxAttempts,
    timeoutMs,
  });
async function* random(blocks: number) {
  for (let block = 0; block < blocks; block += 1) yield crypto.getRandomValues(new Uint8Array(65_536));
}
const CONTENT = Buffer.alloc(40, 'x');
const headOf = (response: ServerResponse, from = 0) =>
  response.writeHead(from === 0 ? 200 : 206, {
    'content-length': CONTENT.length - from,
    etag: '"0x1"',
    'x-ms-meta-altssize': CONTENT.length,
    'x-ms-meta-altssha256': createHash('sha256').update(CONTENT).digest('hex'),
  });

it('gives up when a server falls silent in the middle of what is read', async () => {
  await using server = await startRecordingServer((_, response) => headOf(response).write('xx'));
  await expect(Array.fromAsync(at(server.url, 500).get(key))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('reading a.log of task t from container alts: the download broke off'),
  });
});

it('reads on where a server fell silent, in another try', async () => {
  await using server = await startRecordingServer(({ headers }, response) => {
    const from = Number(/bytes=(\d+)/.exec(String(headers['x-ms-range']))?.[1] ?? 0);
    if (from === 0) headOf(response).write('xx');
    else headOf(response, from).end(CONTENT.subarray(from));
  });
  const read = await Array.fromAsync(at(server.url, 500, 2).get(key));
  expect(Buffer.concat(read).equals(CONTENT)).toBe(true);
});

it('asks again where a server was silent', async () => {
  const answer: Answer = ({ url }, response) => {
    if (server.heard.filter((one) => one.url.search === url.search).length > 1) response.writeHead(201).end();
  };
  await using server = await startRecordingServer(answer);
  await at(server.url, 500, 2).put(key, random(1));
  expect(server.heard.map(({ url }) => url.searchParams.get('comp'))).toEqual([
    'block',
    'block',
    'blocklist',
    'blocklist',
  ]);
});

it('gives up when a server takes no more in the middle of a block', async () => {
  await using server = await startRecordingServer((_, __, request) => request.once('data', () => request.pause()));
  await expect(at(server.url, 500).put(key, random(300))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('the server was silent for timeoutMs'),
  });
});

it('waits for who is slow, but not silent: for longer than it would wait for silence', async () => {
  await using server = await startRecordingServer(({ method }, response, request) => {
    if (method === 'GET') void drip(headOf(response));
    else request.resume().once('end', () => setTimeout(() => response.writeHead(201).end(), 1600));
  });
  const store = at(server.url, 3000);
  const [read] = await Promise.all([Array.fromAsync(store.get(key)), store.put(key, random(300))]);
  expect(Buffer.concat(read).equals(CONTENT)).toBe(true);
});

async function drip(response: ServerResponse): Promise<void> {
  for (const byte of CONTENT) {
    response.write(Buffer.of(byte));
    await pause(100);
  }
  response.end();
}

it.each([1, 300])('an abort ends a put of %i blocks at once, whatever the server does', async (blocks) => {
  const abort = new AbortController();
  await using server = await startRecordingServer(() => abort.abort(new Error('enough')));
  await expect(at(server.url, 600_000).put(key, random(blocks), { signal: abort.signal })).rejects.toThrow('enough');
});
