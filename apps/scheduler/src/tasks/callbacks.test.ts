import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testedScheduler } from '../http/app.fixture.ts';
import { callbackTarget, callbackToken } from './callback-target.ts';
import { endWithoutReport } from './end-task.ts';

interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A client that is told of its tasks; it answers with what it is given, the last one again and again. */
async function client(answers: readonly { readonly status: number; readonly location?: string }[] = [{ status: 200 }]) {
  const heard: Heard[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    heard.push({
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    const { status, location } = answers[Math.min(heard.length, answers.length) - 1] ?? { status: 200 };
    response.writeHead(status, location === undefined ? {} : { location }).end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { heard, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` };
}

async function withTask(options: Parameters<typeof testedScheduler>[0], href: string | null) {
  const made = await testedScheduler(options);
  const payload = {
    runner_type: 'any',
    dist_name: 'debian',
    dist_version: '12',
    dist_arch: 'x86_64',
    package_name: 'hello',
    callback_href: href,
  };
  const response = await made.ask('POST', '/tasks/schedule', payload);
  const body = (await response.json()) as { task_id: string; error_description?: string };
  return { ...made, response, body, id: body.task_id };
}

const LOST = { verdict: 'error', error: { code: 'environment_lost', message: 'gone' } } as const;

describe('a client that wants to be told', () => {
  it('is told once when its task is over, with an id and its token', async () => {
    const { heard, base } = await client();
    const { scheduler, id, ...parts } = await withTask({ hosts: ['127.0.0.1'], base, token: 'T' }, '/x/7/result/');
    scheduler.start();
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
    await expect.poll(() => heard, { timeout: 5000 }).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      // An absolute path takes the place of that of the base, RFC 3986.
      path: '/x/7/result/',
      headers: { authorization: 'Bearer T', 'idempotency-key': id, 'content-type': 'application/json' },
      body: {
        api_version: '20210512',
        result: { skipped_tests: [], 'Unexpected errors during tests': { success: false } },
        stats: {},
      },
    });
    await expect.poll(() => parts.callbacks.count(), { timeout: 5000 }).toBe(0);
  });

  it('is told that its task was cancelled before it began', async () => {
    const { heard, base } = await client();
    const { scheduler, ask, id } = await withTask({ hosts: ['127.0.0.1'], base }, '/x');
    scheduler.start();
    await ask('POST', `/tasks/${id}/cancel`);
    await expect.poll(() => heard, { timeout: 5000 }).toHaveLength(1);
    expect(heard[0]?.body).toEqual({ api_version: '20210512', result: { revoked: true, logs: [] }, stats: {} });
    expect(heard[0]?.headers.authorization).toBeUndefined();
  });

  it('is told again when it would not hear, and the task is what it was', async () => {
    const { heard, base } = await client([{ status: 503 }, { status: 200 }]);
    const { scheduler, id, ...parts } = await withTask({ hosts: ['127.0.0.1'], base }, '/x');
    scheduler.start();
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
    await expect.poll(() => heard, { timeout: 5000 }).toHaveLength(1);
    await expect.poll(() => parts.callbacks.count(), { timeout: 5000 }).toBe(1);
    await expect.poll(() => heard, { timeout: 8000 }).toHaveLength(2);
    expect(heard[1]?.headers['idempotency-key']).toBe(heard[0]?.headers['idempotency-key']);
    await expect.poll(() => parts.callbacks.count(), { timeout: 5000 }).toBe(0);
    expect(await parts.table.find(id)).toMatchObject({ state: 'finished', verdict: 'error' });
  });

  it('is not followed to another place', async () => {
    const other = await client();
    const { heard, base } = await client([{ status: 307, location: other.base }]);
    const { scheduler, id, ...parts } = await withTask({ hosts: ['127.0.0.1'], base, token: 'T' }, '/x');
    scheduler.start();
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
    await expect.poll(() => heard, { timeout: 5000 }).toHaveLength(1);
    await expect.poll(async () => (await parts.table.find(id))?.state).toBe('finished');
    expect([other.heard.length, await parts.callbacks.count()]).toEqual([0, 1]);
  });

  it('is told by another name without the token', async () => {
    const { heard, base } = await client();
    const other = base.replace('127.0.0.1', 'localhost');
    const hosts = [new URL(other).host];
    const { scheduler, id, ...parts } = await withTask({ hosts, base, token: 'T' }, `${other}/x`);
    scheduler.start();
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
    await expect.poll(() => heard, { timeout: 5000 }).toHaveLength(1);
    expect(heard[0]?.headers.authorization).toBeUndefined();
  });

  it('is refused when it names a host that is not configured', async () => {
    const { response, body } = await withTask({ hosts: ['good.example'] }, 'https://evil.example/x');
    expect(response.status).toBe(400);
    expect(body.error_description).toBe(
      'callback_href: evil.example is not among the hosts that are told of tasks; those are: good.example',
    );
  });

  it('is served, and not told, where nobody is configured to be told', async () => {
    const { scheduler, response, id, ...parts } = await withTask(undefined, '/api/v1/tests/1/result/');
    expect(response.status).toBe(201);
    scheduler.start();
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
    await expect.poll(() => parts.callbacks.count(), { timeout: 5000 }).toBe(0);
  });
});

it('a client that hangs holds up no other', async () => {
  const { heard, base } = await client();
  const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  onTestFinished(() => {
    hanging.closeAllConnections();
    hanging.close();
  });
  const host = `127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  const { scheduler, ask, ...parts } = await testedScheduler({ hosts: ['127.0.0.1', host], base });
  const end = async (package_name: string, callback_href: string) => {
    const payload = { runner_type: 'any', dist_name: 'debian', dist_version: '12', dist_arch: 'x86_64' };
    const response = await ask('POST', '/tasks/schedule', { ...payload, package_name, callback_href });
    const { task_id: id } = (await response.json()) as { task_id: string };
    await endWithoutReport(parts, { id, attempt: 1 }, LOST);
  };
  for (let at = 0; at < 50; at += 1) await end(`hanging-${at}`, `http://${host}/x`);
  await end('hello', '/heard');
  scheduler.start();
  await expect.poll(() => heard).toHaveLength(1);
  await expect.poll(() => parts.callbacks.count()).toBe(50);
});

describe('the target of a callback', () => {
  const options = {
    hosts: ['a.example', 'c.example:8443', 'd.example:443', 'localhost'],
    base: 'https://a.example/prefix/',
  };

  it.each([
    ['/x', 'https://a.example/x'],
    ['x', 'https://a.example/prefix/x'],
    ['https://a.example:443/x', 'https://a.example/x'],
    ['https://c.example:8443/x', 'https://c.example:8443/x'],
    ['https://d.example/x', 'https://d.example/x'],
    ['http://localhost/x', 'http://localhost/x'],
  ])('%s is %s', (href, target) => expect(callbackTarget(href, options)?.href).toBe(target));

  it('may be reached by http, and at a port of its own, where the base is', () => {
    const inside = { hosts: ['a.example', 'b.example'], base: 'http://a.example:8080/' };
    for (const href of ['http://a.example:8080/x', 'http://b.example/x', 'https://b.example/x']) {
      expect(callbackTarget(href, inside)?.href).toBe(href);
    }
    expect(() => callbackTarget('http://b.example:8080/x', inside)).toThrow('b.example:8080 is not among');
  });

  it('is sent the token where the base is, and nowhere else', () => {
    const token = (href: string, own: object = {}) => callbackToken(new URL(href), { ...options, token: 'T', ...own });
    expect(token('https://a.example/x')).toBe('T');
    expect(token('https://a.example:443/y')).toBe('T');
    for (const other of ['http://a.example/x', 'https://a.example:8443/x', 'https://c.example:8443/x']) {
      expect(token(other)).toBeUndefined();
    }
    expect(token('https://a.example/x', { base: undefined })).toBeUndefined();
  });

  it.each([
    ['//b.example/x', 'b.example is not among'],
    ['https://a.example@b.example/', 'b.example is not among'],
    ['https://a.example.b.example/', 'a.example.b.example is not among'],
    ['file:///etc/passwd', 'must be http or https'],
    ['http://', 'must be a path or a URL'],
    ['https://a.example:8443/x', 'a.example:8443 is not among'],
    ['https://c.example/x', 'c.example is not among'],
    ['http://a.example/x', 'a.example is told by https alone'],
    ['https://joe:secret@a.example/x', 'must have no user and no password'],
    ['https://joe@a.example/x', 'must have no user and no password'],
  ])('%s is refused', (href, message) => expect(() => callbackTarget(href, options)).toThrow(message));
});
