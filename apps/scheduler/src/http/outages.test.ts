import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TokenOptions } from '../auth/token-options.ts';
import { tokenVerifier } from '../auth/verify-token.ts';
import { openDatabase } from '../table/postgres.ts';
import { testedScheduler } from './app.fixture.ts';

const hello = { package: { name: 'hello' }, system: 'debian:12' };
const legacyHello = { dist_name: 'debian', dist_version: '12', dist_arch: 'x86_64', package_name: 'hello' };

/** What is said of faults, as `level message: error`. */
function heard() {
  const said: string[] = [];
  const line = (level: string) => (fields: object, message: string) => {
    const { error } = fields as { readonly error?: Error };
    said.push(`${level} ${message}: ${error?.message}`);
  };
  return { said, log: { info() {}, warn: line('warn'), error: line('error') } };
}

describe('a task table that is gone', () => {
  async function withoutTable() {
    const { said, log } = heard();
    const made = await testedScheduler(undefined, {}, { log });
    const before = await (await made.ask('GET', '/metrics')).text();
    expect(before).toMatch(/^alts_callbacks 0$/m);
    const { db } = await openDatabase(made.database);
    for (const table of ['tasks', 'callbacks', 'idempotency']) await db.schema.dropTable(table).execute();
    await db.destroy();
    return { ...made, said };
  }

  it.each<[string, string, unknown?]>([
    ['GET', '/tasks'],
    ['POST', '/tasks', hello],
    ['GET', '/tasks/x'],
    ['GET', '/tasks/x/events'],
    ['POST', '/tasks/x/cancel'],
    ['GET', '/queues'],
  ])('is 503 with a code: %s %s', async (method, path, body) => {
    const { ask, said } = await withoutTable();
    const response = await ask(method, path, body);
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'store_unavailable', detail: expect.stringContaining('the task table refuses') }),
    ]);
    expect(said).toEqual([expect.stringContaining('warn a request could not be served: the task table refuses')]);
  });

  it.each<[string, string, unknown?]>([
    ['POST', '/tasks/schedule', legacyHello],
    ['GET', '/tasks/x/result'],
    ['POST', '/cancel_tasks', { bs_task_ids: [1] }],
  ])('is 400 to clients of the Python system: %s %s', async (method, path, body) => {
    const { ask } = await withoutTable();
    const response = await ask(method, path, body);
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ success: false, error_description: expect.stringContaining('the task table refuses') }),
    ]);
  });

  it('is 503 where it is asked whether a request came before', async () => {
    const { ask, token } = await withoutTable();
    const headers = { authorization: `Bearer ${await token()}`, 'idempotency-key': 'one' };
    expect((await ask('POST', '/tasks', hello, headers)).status).toBe(503);
  });

  it('takes no metric with it but its own', async () => {
    const { ask, said } = await withoutTable();
    const response = await ask('GET', '/metrics');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('alts_workers{takes_tasks="yes"} 0');
    expect(text).toMatch(/^alts_scheduler_process_cpu_seconds_total/m);
    expect(text).not.toMatch(/^alts_(tasks|callbacks|queue_messages)\b.* \d/m);
    expect(said.filter((line) => line.startsWith('warn a metric cannot be had'))).toHaveLength(3);
  });
});

describe('a key set that cannot be had', () => {
  async function withKeySet() {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }];
    const answers = { status: 503, body: 'down' };
    const server = createServer((_, response) => response.writeHead(answers.status).end(answers.body));
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once('listening', done));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const verify = await tokenVerifier(TokenOptions.parse({ algorithm: 'RS256', jwksUrl }));
    const { said, log } = heard();
    const { ask } = await testedScheduler(undefined, {}, { verify, log });
    const claims = new SignJWT({ sub: 'ci', scope: 'admin' }).setProtectedHeader({ alg: 'RS256', kid: 'one' });
    const headers = { authorization: `Bearer ${await claims.sign(privateKey)}` };
    return { server, said, ask: (path: string) => ask('GET', path, undefined, headers), keys, answers };
  }

  it.each([
    [503, 'down'],
    [200, 'no JSON'],
    [200, '{"keys":1}'],
  ])('is 503 and a line in the log, and no fault of the token: %i %s', async (status, body) => {
    const { ask, said, answers } = await withKeySet();
    Object.assign(answers, { status, body });
    const response = await ask('/tasks');
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'keys_unavailable' }]);
    expect(said).toEqual([
      expect.stringMatching(/^warn a request could not be served: the keys of tokens cannot be had/),
    ]);
    const legacy = await ask('/tasks/x/result');
    expect([legacy.status, await legacy.json()]).toMatchObject([503, { success: false }]);
  });

  it('is 503 where nobody listens, and asked again', async () => {
    const { ask, said, server, answers, keys } = await withKeySet();
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    expect((await ask('/tasks')).status).toBe(503);
    expect(said[0]).toContain('ECONNREFUSED');
    Object.assign(answers, { status: 200, body: JSON.stringify({ keys }) });
    await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done));
    expect((await ask('/tasks')).status).toBe(200);
  });
});
