import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { serveApp } from './serve.ts';

it('waits for what is being answered when it is to stop, and takes no more', async () => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const app = new Hono().get('/slow', async (context) => {
    asked.resolve();
    await answer.promise;
    return context.text('all of it');
  });
  const server = await serveApp(app, { port: 0, hostname: '127.0.0.1', graceMs: 60_000 });
  const asking = fetch(`${server.url}/slow`);
  await asked.promise;
  const stopping = server[Symbol.asyncDispose]();
  await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
  answer.resolve();
  expect(await (await asking).text()).toBe('all of it');
  await stopping;
});

it('does not wait for what has no end', async () => {
  const endless = new Hono().get('/events', () => {
    const body = new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('x')) });
    return new Response(body);
  });
  const server = await serveApp(endless, { port: 0, hostname: '127.0.0.1', graceMs: 50 });
  const response = await fetch(`${server.url}/events`);
  await server[Symbol.asyncDispose]();
  await expect(response.text()).rejects.toThrow();
});
