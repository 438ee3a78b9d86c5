import { describe, expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

/** What driving the scheduler with any client's requests, and reading what that found, has brought up. */
const hello = { package: { name: 'hello' }, system: 'debian:12' };
const legacy = { dist_name: 'almalinux', dist_version: '9', dist_arch: 'x86_64', package_name: 'chan' };

async function answerTo({ ask }: TestedScheduler, method: string, path: string, body?: unknown, headers?: Headers) {
  const response = await ask(method, path, body, headers && Object.fromEntries(headers));
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: json(text) };
}

function json(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

const keyed = async ({ token }: TestedScheduler) =>
  new Headers({ authorization: `Bearer ${await token()}`, 'idempotency-key': 'one' });

it.each(['/tasks', '/tasks/batch', '/tasks/schedule', '/cancel_tasks'])(
  'refuses JSON that is nested too deeply, where a stack would not do: POST %s',
  async (path) => {
    const scheduler = await testedScheduler();
    for (const [open, close] of [
      ['[', ']'],
      ['{"package":', '}'],
    ] as const) {
      const { status, text } = await answerTo(scheduler, 'POST', path, `${open.repeat(5e4)}1${close.repeat(5e4)}`);
      expect([status, text]).toEqual([400, expect.stringContaining('nested deeper than')]);
    }
  },
);

it('names what may be asked instead of a method that is not there', async () => {
  const scheduler = await testedScheduler();
  for (const [path, allow] of [
    ['/tasks', 'GET, HEAD, POST'],
    ['/tasks/x/cancel', 'POST'],
    ['/healthz', 'GET, HEAD'],
  ] as const) {
    const { status, headers, body } = await answerTo(scheduler, 'DELETE', path);
    expect([path, status, headers.get('allow'), body['code']]).toEqual([path, 405, allow, 'method_not_allowed']);
  }
  expect((await answerTo(scheduler, 'DELETE', '/nothing')).status).toBe(404);
});

it.each(['https://a.example/%zz.deb', 'https://a.example/%00x.deb', 'https://a.example/.deb'])(
  'takes a package at %s, whose name says little',
  async (url) => {
    const scheduler = await testedScheduler();
    const { status, body } = await answerTo(scheduler, 'POST', '/tasks', { ...hello, package: { url } });
    expect(status).toBe(201);
    const shown = (await scheduler.table.find(String(body['id'])))?.package ?? '';
    expect(shown).toMatch(/^\P{Cc}+$/u);
  },
);

describe('GET /tasks', () => {
  it('compares moments and not texts', async () => {
    const scheduler = await testedScheduler();
    const { id } = (await answerTo(scheduler, 'POST', '/tasks', hello)).body;
    const at = (await scheduler.table.find(String(id)))?.accepted_at ?? '';
    const found = async (query: string) => (await answerTo(scheduler, 'GET', `/tasks?${query}`)).body['tasks'];
    const second = `${at.slice(0, 19)}Z`;
    for (const since of [second, `${at.slice(0, -1)}000Z`]) expect(await found(`since=${since}`)).toHaveLength(1);
    expect(await found(`until=${second}`)).toEqual([]);
  });

  it.each(['system=debian:12/x%0Ay', 'system=:', 'system=a:b:c', 'package=%00', `after=${cursorOf('\0', '\0')}`])(
    'refuses what cannot be, and lists not all in its place: ?%s',
    async (query) => {
      expect((await answerTo(await testedScheduler(), 'GET', `/tasks?${query}`)).status).toBe(400);
    },
  );
});

function cursorOf(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

describe('a NUL, which PostgreSQL has in no text', () => {
  it.each([
    ['POST', '/tasks/schedule', { ...legacy, bs_task_id: 'a\0' }, 422],
    ['POST', '/tasks/schedule', { ...legacy, callback_href: '/\0' }, 422],
    ['POST', '/cancel_tasks', { bs_task_ids: ['a\0'] }, 422],
    ['GET', '/tasks/%00', undefined, 404],
    ['GET', '/tasks/%00/result', undefined, 200],
    ['POST', '/tasks/a%00/cancel', undefined, 404],
  ])('never comes to the task table: %s %s %j', async (method, path, body, status) => {
    expect((await answerTo(await testedScheduler(), method, path, body)).status).toBe(status);
  });
});

it('takes no id of a client that could not be cancelled by it', async () => {
  const scheduler = await testedScheduler();
  const { status, text } = await answerTo(scheduler, 'POST', '/tasks/schedule', {
    ...legacy,
    bs_task_id: 'x'.repeat(256),
  });
  expect([status, text]).toEqual([422, expect.stringContaining('bs_task_id')]);
});

describe('POST /tasks/batch', () => {
  it.each([
    ['a system', [{ name: 'a' }], ['debian:12', 'nosuch:1'], 'nosuch'],
    ['a package', [{ name: 'a' }, { name: 'b;c' }], ['debian:12'], 'packages.1'],
    ['a file', [{ name: 'a' }, { file: '/x.deb' }], ['debian:12'], 'package.file'],
  ])('accepts nothing at all when %s is wrong', async (_, packages, systems, detail) => {
    const scheduler = await testedScheduler();
    const { status, text } = await answerTo(scheduler, 'POST', '/tasks/batch', { packages, systems });
    expect([status, text]).toEqual([400, expect.stringContaining(detail)]);
    expect((await answerTo(scheduler, 'GET', '/tasks')).body['tasks']).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  it('gives the first answer as it was, and says where the task is', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler);
    const first = await answerTo(scheduler, 'POST', '/tasks', hello, headers);
    const again = await answerTo(scheduler, 'POST', '/tasks', hello, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  });

  it('is free for a better request when the first was refused, which is a problem each time', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler);
    for (const _ of [1, 2]) {
      const refused = await answerTo(scheduler, 'POST', '/tasks', {}, headers);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    }
    expect((await answerTo(scheduler, 'POST', '/tasks', hello, headers)).status).toBe(201);
  });

  it('does not make another task out of one that has the same id', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler);
    await answerTo(scheduler, 'POST', '/tasks', { ...hello, taskId: 'mine' });
    const other = { ...hello, system: 'debian:13', taskId: 'mine' };
    const { status, text } = await answerTo(scheduler, 'POST', '/tasks', other, headers);
    expect([status, text]).toEqual([409, expect.stringContaining('there is a task mine already')]);
  });

  it('makes nothing be read beyond 1 MiB', async () => {
    const scheduler = await testedScheduler();
    const headers = await keyed(scheduler);
    let read = 0;
    const body = new ReadableStream({
      pull(controller) {
        read += 1;
        if (read === 64) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const request = new Request('http://a.example/tasks', { method: 'POST', headers, body, duplex: 'half' });
    expect((await scheduler.app.fetch(request)).status).toBe(413);
    expect(read).toBeLessThan(8);
  });
});
