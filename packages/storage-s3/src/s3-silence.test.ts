import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { s3Store } from './s3-store.ts';

// That it gives up where a server never answers, or stops in a listing, is a case of the suite of conformance.

const key = { taskId: 't', name: 'a.log' };
const at = (endpoint: string, timeoutMs: number) =>
  s3Store({ bucket: 'alts', endpoint, accessKeyId: 'a', secretAccessKey: 'b', maxAttempts: 1, timeoutMs });
async function* random(blocks: number) {
  for (let block = 0; block < blocks; block += 1) yield crypto.getRandomValues(new Uint8Array(65_536));
}
const CONTENT = Buffer.alloc(40, 'x');
const headOf = (response: ServerResponse) =>
  response.writeHead(200, {
    'content-length': CONTENT.length,
    'x-amz-meta-alts-size': CONTENT.length,
    'x-amz-meta-alts-sha256': createHash('sha256').update(CONTENT).digest('hex'),
  });
const beginUpload = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';

it('gives up when a server falls silent in the middle of what is read', async () => {
  await using server = await startRecordingServer((_, response) => headOf(response).write('xx'));
  await expect(Array.fromAsync(at(server.url, 500).get(key))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('the server was silent for timeoutMs'),
  });
});

it('gives up when a server takes no more in the middle of a part', async () => {
  await using server = await startRecordingServer(({ method, url }, response, request) => {
    if (method === 'DELETE') response.writeHead(204).end();
    else if (url.searchParams.has('uploads')) response.end(beginUpload);
    else request.once('data', () => request.pause());
  });
  await expect(at(server.url, 500).put(key, random(300))).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(server.heard.at(-1)).toMatchObject({ method: 'DELETE' });
});

it('waits for who is slow, but not silent: for longer than it would wait for silence', async () => {
  await using server = await startRecordingServer(({ method, url }, response, request) => {
    if (url.searchParams.has('uploads')) response.end(beginUpload);
    else if (method === 'POST') response.end('<CompleteMultipartUploadResult/>');
    else if (method === 'GET') void drip(headOf(response));
    else request.resume().once('end', () => setTimeout(() => response.writeHead(200, { etag: '"e"' }).end(), 1600));
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
  await using server = await startRecordingServer(({ url }, response) => {
    if (url.searchParams.has('uploads')) response.end(beginUpload);
    else abort.abort(new Error('enough'));
  });
  await expect(at(server.url, 600_000).put(key, random(blocks), { signal: abort.signal })).rejects.toThrow('enough');
});
