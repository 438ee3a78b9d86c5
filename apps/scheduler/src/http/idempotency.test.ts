import { describe, expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

const hello = { package: { name: 'hello' }, system: 'debian:12' };

async function post({ ask }: TestedScheduler, path: string, body?: unknown, headers?: Record<string, string>) {
  const response = await ask('POST', path, body, headers);
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}
async function get({ ask }: TestedScheduler, path: string) {
  const response = await ask('GET', path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('an Idempotency-Key', () => {
  const keyed = async ({ token }: TestedScheduler, key: string) => ({
    authorization: `Bearer ${await token()}`,
    'idempotency-key': key,
  });

  it.each([
    ['/tasks', hello],
    ['/tasks/batch', { packages: [{ name: 'a' }, { name: 'b' }], systems: ['debian:12'] }],
    ['/tasks/schedule', { dist_name: 'debian', dist_version: 12, dist_arch: 'x86_64', package_name: 'hello' }],
  ])('makes a repeated POST %s do nothing, and answer the same', async (path, body) => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler, 'one');
    const first = await post(scheduler, path, body, headers);
    const again = await post(scheduler, path, body, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await post(scheduler, path, body, await keyed(scheduler, 'two'));
    expect(other.body).not.toEqual(first.body);
    const tasks = (await get(scheduler, '/tasks')).body['tasks'] as unknown[];
    expect(tasks).toHaveLength(path === '/tasks/batch' ? 4 : 2);
  });

  it('makes one task of two requests that come at once', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler, 'one');
    const [first, again] = await Promise.all([
      post(scheduler, '/tasks', hello, headers),
      post(scheduler, '/tasks', hello, headers),
    ]);
    expect([first, again].map(({ status, body }) => [status, body['id']])).toEqual([
      [201, first.body['id']],
      [201, first.body['id']],
    ]);
    expect((await get(scheduler, '/tasks')).body['tasks']).toHaveLength(1);
  });

  it('does not hold on to what was refused: it did nothing', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler, 'one');
    for (const _ of [1, 2]) {
      const { status, headers: answered } = await post(scheduler, '/tasks/later/rerun', undefined, headers);
      expect([status, answered.get('content-type'), answered.get('idempotent-replayed')]).toEqual([
        404,
        'application/problem+json',
        null,
      ]);
    }
    await post(scheduler, '/tasks', { ...hello, taskId: 'later' });
    expect((await post(scheduler, '/tasks/later/rerun', undefined, headers)).status).toBe(201);
  });

  it('is refused with another request', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler, 'one');
    await post(scheduler, '/tasks', hello, headers);
    const { status, body } = await post(scheduler, '/tasks', { ...hello, system: 'debian:13' }, headers);
    expect([status, body['code'], body['detail']]).toEqual([
      422,
      'idempotency_key_reused',
      expect.stringMatching(/^Idempotency-Key: came with another request .*; take another key/),
    ]);
    const legacy = { dist_name: 'debian', dist_version: 12, dist_arch: 'x86_64', package_name: 'hello' };
    const old = await post(scheduler, '/tasks/schedule', legacy, headers);
    expect([old.status, old.body]).toMatchObject([422, { success: false }]);
  });

  it('may come with another request when it is forgotten, and with the same one makes no other task', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler, 'one');
    const first = await post(scheduler, '/tasks', hello, headers);
    await scheduler.answers.prune(new Date(Date.now() + 8 * 86_400_000));
    const other = await post(scheduler, '/tasks', { ...hello, system: 'debian:13' }, headers);
    expect(other.status).toBe(201);
    expect(other.body).not.toEqual(first.body);
    await scheduler.answers.prune(new Date(Date.now() + 8 * 86_400_000));
    const again = await post(scheduler, '/tasks', hello, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
  });
});
