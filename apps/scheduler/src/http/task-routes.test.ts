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
const names = (body: Record<string, unknown>) => (body['tasks'] as { package: string }[]).map((task) => task.package);

describe('POST /tasks', () => {
  it('takes a request as runTest() does, and says where the task is', async () => {
    const scheduler = await testedScheduler();
    const { status, body, headers } = await post(scheduler, '/tasks', hello);
    expect([status, headers.get('location')]).toEqual([201, `/tasks/${body['id']}`]);
    expect((await get(scheduler, `/tasks/${body['id']}`)).body).toMatchObject({
      id: body['id'],
      state: 'accepted',
      system: { distribution: 'debian', version: '12', architecture: 'x86_64' },
      request: { package: { name: 'hello' }, lifecycle: ['install', 'remove'] },
    });
  });

  it.each([
    [{ ...hello, system: 'nosuch:1' }, 400, 'unknown distribution "nosuch"'],
    [{ ...hello, colour: 'red' }, 400, 'colour'],
    [{ ...hello, package: { file: '/etc/x.deb' } }, 400, 'package.file: a worker has no files of yours'],
    [{ ...hello, tests: ['/etc'] }, 400, 'tests[0].directory: a worker has no files of yours'],
    [{ ...hello, tests: ['./x.tar.gz'] }, 400, 'tests[0].tarball: a worker has no files of yours'],
    [[], 400, 'request'],
  ])('refuses %j as a problem with a code', async (request, status, detail) => {
    const { ask } = await testedScheduler();
    const response = await ask('POST', '/tasks', request);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status,
      code: 'invalid_request',
      detail: expect.stringContaining(detail),
    });
  });

  it('hands what is of high priority to the queue before the rest', async () => {
    const scheduler = await testedScheduler();
    await post(scheduler, '/tasks', { ...hello, taskId: 'first' });
    await post(scheduler, '/tasks?priority=high', { ...hello, taskId: 'second' });
    scheduler.scheduler.start();
    await expect.poll(async () => (await scheduler.queue.depth('docker-x86_64-0')).waiting).toBe(2);
    const seen: string[] = [];
    const take = async ({ taskId }: { readonly taskId: string }) => {
      seen.push(taskId);
      return 'done' as const;
    };
    await scheduler.queue.consume(['docker-x86_64-0'], take, { concurrency: 1 });
    await expect.poll(() => seen).toEqual(['second', 'first']);
    expect((await post(scheduler, '/tasks?priority=urgent', hello)).status).toBe(400);
  });

  it('may be for a runner', async () => {
    const scheduler = await testedScheduler();
    const queueOf = async (query: string) => {
      const { body } = await post(scheduler, `/tasks${query}`, hello);
      return (await get(scheduler, `/tasks/${body['id']}`)).body['queue'];
    };
    expect(await queueOf('?runner=opennebula&priority=high')).toBe('opennebula-x86_64-0');
    expect(await queueOf('?runner=any')).toBe('docker-x86_64-0');
    const { status, body } = await post(scheduler, '/tasks?runner=vax', hello);
    expect([status, body['detail']]).toEqual([400, expect.stringMatching(/^runner: there is no runner "vax"/)]);
  });

  it('calls a wrong runner of a batch what it is called there', async () => {
    const batch = { packages: [{ name: 'a' }], systems: ['debian:12'], runner: 'vax' };
    const { status, body } = await post(await testedScheduler(), '/tasks/batch', batch);
    expect([status, body['detail']]).toEqual([400, expect.stringMatching(/^runner: there is no runner "vax"/)]);
  });

  it('refuses an id that is taken', async () => {
    const scheduler = await testedScheduler();
    await post(scheduler, '/tasks', { ...hello, taskId: 'mine' });
    const { status, body } = await post(scheduler, '/tasks', { ...hello, taskId: 'mine' });
    expect([status, body['code'], body['detail']]).toEqual([
      409,
      'task_exists',
      'taskId: there is a task mine already',
    ]);
  });
});

describe('GET /tasks', () => {
  it('gives pages, the newest first, without a gap and without a repetition', async () => {
    const scheduler = await testedScheduler();
    const packages = Array.from({ length: 7 }, (_, at) => ({ name: `p${at}` }));
    await post(scheduler, '/tasks/batch', { packages, systems: ['debian:12'] });
    const seen: string[] = [];
    let path: string | undefined = '/tasks?limit=3';
    while (path !== undefined) {
      const { body } = await get(scheduler, path);
      seen.push(...names(body));
      path = body['next'] === null ? undefined : `/tasks?limit=3&after=${body['next']}`;
    }
    expect(seen.toSorted()).toEqual(packages.map(({ name }) => name));
  });

  it('finds by state, verdict, package, system and time', async () => {
    const scheduler = await testedScheduler();
    const packages = [{ name: 'a' }, { name: 'b' }];
    const { body } = await post(scheduler, '/tasks/batch', { packages, systems: ['debian:12', 'debian:13/arm64'] });
    const [first = ''] = body['ids'] as string[];
    await scheduler.table.finish(first, 1, { verdict: 'failed' });
    const found = async (query: string) => names((await get(scheduler, `/tasks?${query}`)).body).toSorted();
    expect(await found('state=finished')).toEqual(['a']);
    expect(await found('verdict=failed')).toEqual(['a']);
    expect(await found('package=b')).toEqual(['b', 'b']);
    expect(await found('system=debian:13')).toEqual(['a', 'b']);
    expect(await found('system=debian:13/x86_64')).toEqual([]);
    expect(await found('system=debian:13/arm64')).toEqual(['a', 'b']);
    expect(await found('system=debian:12/amd64')).toEqual(['a', 'b']);
    expect(await found('system=debian&state=accepted')).toEqual(['a', 'b', 'b']);
    expect(await found('since=2100-01-01T00:00:00.000Z')).toEqual([]);
  });

  it.each(['state=done', 'limit=0', 'after=x', 'color=red', 'since=yesterday', 'system=debian:12/vax'])(
    'refuses ?%s',
    async (query) => {
      const { status, body } = await get(await testedScheduler(), `/tasks?${query}`);
      expect([status, body['code']]).toEqual([400, 'invalid_request']);
      expect(body['detail']).toContain(query.split('=')[0]);
    },
  );
});

describe('one task', () => {
  it('shows no credentials of its URLs, and keeps them for the worker and for another run', async () => {
    const scheduler = await testedScheduler();
    const build = 'https://alts:SECRETTOKEN@build.example/br/';
    const request = {
      package: { url: 'https://joe:SECRETTOKEN@build.example/hello.deb' },
      system: 'debian:12',
      repositories: [{ name: 'br', url: build }, `deb [trusted=yes] ${build} ./`],
      tests: [{ url: 'https://SECRETTOKEN@git.example/qa.git' }],
    };
    const first = await post(scheduler, '/tasks', request);
    const again = await post(scheduler, `/tasks/${first.body['id']}/rerun`);
    for (const { body } of [first, again]) {
      const shown = (await get(scheduler, `/tasks/${body['id']}`)).body;
      expect(shown['request']).toMatchObject({ repositories: [{ url: 'https://***@build.example/br/' }, {}] });
      const list = await get(scheduler, '/tasks');
      const cancelled = await post(scheduler, `/tasks/${body['id']}/cancel`);
      expect(JSON.stringify([shown, list.body, cancelled.body])).not.toContain('SECRETTOKEN');
      const kept = JSON.parse((await scheduler.table.find(String(body['id'])))?.request ?? '');
      expect(kept).toMatchObject({ repositories: [{ url: build }, {}] });
    }
  });

  it('is cancelled at once when nobody has begun it', async () => {
    const scheduler = await testedScheduler();
    const { body } = await post(scheduler, '/tasks', hello);
    const cancelled = await post(scheduler, `/tasks/${body['id']}/cancel`);
    expect([cancelled.status, cancelled.body['verdict']]).toEqual([202, 'cancelled']);
    const again = await post(scheduler, `/tasks/${body['id']}/cancel`);
    expect([again.status, again.body]).toEqual([200, cancelled.body]);
  });

  it('is run again as another one', async () => {
    const scheduler = await testedScheduler();
    const { body } = await post(scheduler, '/tasks', hello);
    const again = await post(scheduler, `/tasks/${body['id']}/rerun`);
    expect((await get(scheduler, `/tasks/${again.body['id']}`)).body).toMatchObject({
      rerunOf: body['id'],
      queue: 'docker-x86_64-0',
      request: { package: { name: 'hello' } },
    });
  });

  it('gives its artifacts, as what they are and never as a page', async () => {
    const scheduler = await testedScheduler();
    const { body } = await post(scheduler, '/tasks', hello);
    const content = async function* () {
      yield Buffer.from('<script>');
    };
    await scheduler.store.put({ taskId: String(body['id']), name: 'install_package.log' }, content());
    const response = await scheduler.ask('GET', `/tasks/${body['id']}/artifacts/install_package.log`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/plain; charset=utf-8',
      '<script>',
    ]);
    expect((await get(scheduler, `/tasks/${body['id']}/artifacts/nothing.log`)).status).toBe(404);
    expect((await get(scheduler, `/tasks/${body['id']}/artifacts/..%2f..%2ftasks.sqlite`)).status).toBe(400);
  });

  it('gives no link where the store signs none, or for longer than a store would sign', async () => {
    const scheduler = await testedScheduler();
    const { body } = await post(scheduler, '/tasks', hello);
    const link = `/tasks/${body['id']}/artifacts/report.json/link`;
    expect((await get(scheduler, link)).body).toMatchObject({ status: 400, code: 'not_supported' });
    expect((await get(scheduler, `${link}?expiresInSeconds=604801`)).body).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('expiresInSeconds'),
    });
  });

  it.each(['', '/cancel', '/rerun', '/artifacts/report.json', '/artifacts/report.json/link'])(
    'that nobody knows is 404: /tasks/nobody%s',
    async (rest) => {
      const { ask } = await testedScheduler();
      const method = rest === '/cancel' || rest === '/rerun' ? 'POST' : 'GET';
      expect((await ask(method, `/tasks/nobody${rest}`)).status).toBe(404);
    },
  );
});

it('every route of tasks wants a token, with the scope that it needs', async () => {
  const { ask, token } = await testedScheduler();
  const reader = { authorization: `Bearer ${await token(['tasks:read'])}` };
  for (const [method, path] of [
    ['GET', '/tasks'],
    ['POST', '/tasks'],
    ['POST', '/tasks/batch'],
    ['GET', '/tasks/x'],
    ['GET', '/tasks/x/events'],
    ['POST', '/tasks/x/cancel'],
    ['POST', '/tasks/x/rerun'],
    ['GET', '/tasks/x/artifacts/y'],
  ] as const) {
    expect([path, (await ask(method, path, undefined, {})).status]).toEqual([path, 401]);
    if (method === 'POST') expect([path, (await ask(method, path, {}, reader)).status]).toEqual([path, 403]);
  }
});
