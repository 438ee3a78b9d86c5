import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { postCallback } from './post-callback.ts';

/** What is said of a client that answers so. */
async function problemWith(answer: (response: ServerResponse) => void): Promise<string | undefined> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const row = { task_id: 'a', href: `http://${host}/x`, host: '', body: '{}', tries: 1, due_at: '', problem: null };
  const problem = await postCallback(row, { hosts: [host] }, new AbortController().signal);
  return problem?.replace(/:\d+ /, ' ');
}

it('says what the client answered', async () => {
  expect(await problemWith((response) => response.writeHead(503).end('come again'))).toBe(
    '127.0.0.1 answered 503: come again',
  );
  expect(await problemWith((response) => response.writeHead(404).end())).toBe('127.0.0.1 answered 404: ');
  expect(await problemWith((response) => response.destroy())).toContain('fetch failed');
});

it('reads no more of an answer that never ends than is kept of it', async () => {
  const problem = await problemWith((response) => {
    response.writeHead(500);
    response.write('x'.repeat(10_000));
  });
  expect(problem).toBe(`127.0.0.1 answered 500: ${'x'.repeat(500)}`);
});
