import { parseRequest, type TestReport } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

const payload = {
  runner_type: 'docker',
  dist_name: 'almalinux',
  dist_version: '9',
  dist_arch: 'x86_64',
  package_name: 'chan',
};

async function schedule({ ask }: TestedScheduler, own: object = {}) {
  const response = await ask('POST', '/tasks/schedule', { ...payload, ...own });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('POST /tasks/schedule', () => {
  it('answers 201 with an id when the task is on the disk', async () => {
    const scheduler = await testedScheduler();
    const own = { bs_task_id: 481501, callback_href: '/api/v1/tests/481501/result/', dist_arch: 'i586' };
    const { status, body } = await schedule(scheduler, own);
    expect(status).toBe(201);
    expect(body).toEqual({ api_version: '20210512', success: true, task_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await scheduler.table.find(String(body['task_id']))).toMatchObject({
      state: 'accepted',
      external_id: '481501',
      callback_href: '/api/v1/tests/481501/result/',
      queue: 'docker-x86_64-0',
    });
  });

  it('takes any runner, and a machine of its own for each architecture', async () => {
    const scheduler = await testedScheduler();
    const queueOf = async (own: object) => {
      const { body } = await schedule(scheduler, { runner_type: null, ...own });
      return (await scheduler.table.find(String(body['task_id'])))?.queue;
    };
    expect(await queueOf({})).toBe('docker-x86_64-0');
    expect(await queueOf({ dist_arch: 'x86_64_v2', dist_version: '10-kitten' })).toBe('docker-x86_64_v2-0');
    expect(await queueOf({ dist_arch: 'arm64', runner_type: 'opennebula' })).toBe('opennebula-aarch64-0');
  });

  it.each([
    ['an unknown distribution', { dist_name: 'nosuch' }, 400, /^dist_name: unknown distribution "nosuch"/],
    ['a distribution that is no word', { dist_name: 'no such' }, 400, /^dist_name: must be a distribution/],
    ['a distribution that cannot be tested', { dist_name: 'sles' }, 400, /^dist_name: sles cannot be tested/],
    ['an unknown version', { dist_version: '99' }, 400, /^dist_version: unknown version "99" of almalinux/],
    ['a version that is no word', { dist_version: '9 9' }, 400, /^dist_version: must be a version/],
    ['an unknown architecture', { dist_arch: 'pdp11' }, 400, /^dist_arch: unknown architecture "pdp11"/],
    ['an unknown runner', { runner_type: 'vax' }, 400, /^runner_type: there is no runner "vax"/],
    ['a name like a command', { package_name: 'a; rm -rf /' }, 400, /^package_name: /],
    ['a version like an option', { package_version: '--x' }, 400, /^package_version: /],
    ['a name and a version', { package_name: 'a b', dist_version: '9 9' }, 400, /^package_name: .*; dist_version: /],
    ['a path as a repository', { repositories: [{ baseurl: '/etc' }] }, 400, /^repositories\.0\.baseurl: /],
    ['a path as the second', { repositories: [{ url: 'http://a/' }, { url: 'x' }] }, 400, /^repositories\.1\.url: /],
    ['half a line', { repositories: [{ baseurl: 'deb x' }] }, 400, /^repositories\.0\.baseurl: /],
    ['a module like an option', { module_name: '--x', module_stream: '1' }, 400, /^module_name: /],
    [
      'a suite on the disk',
      { test_configuration: { tests: [{ url: './x.tar.gz' }] } },
      400,
      /^test_configuration\.tests\.0\.url: /,
    ],
    ['a flavor in docker', { test_flavor: { name: 'mysql', version: '8' } }, 400, /^test_flavor: .*docker has none/],
    ['a channel in docker', { package_channel: 'beta' }, 400, /^package_channel: .*docker has none/],
    ['a channel in any', { runner_type: 'any', package_channel: 'beta' }, 400, /^package_channel: /],
    ['another host', { callback_href: 'https://evil.example/' }, 400, /^callback_href: evil\.example is not/],
    ['no package', { package_name: null }, 422, /^package_name: /],
    ['a list for a name', { package_name: ['a'] }, 422, /^package_name: /],
  ])('refuses %s by the name of the field', async (_, own, status, message) => {
    const refused = await schedule(await testedScheduler(), own);
    expect(refused).toMatchObject({ status, body: { success: false, api_version: '20210512' } });
    expect(refused.body['error_description']).toMatch(message);
  });

  it('says in the log what nothing is done with', async () => {
    const said: unknown[] = [];
    const info = (fields: object, message: string) => said.push([fields, message]);
    const scheduler = await testedScheduler(undefined, {}, { log: { info, warn() {}, error() {} } });
    const flavor = { runner_type: 'opennebula', test_flavor: { name: 'mysql', version: '8' }, package_channel: 'beta' };
    const own = { bs_task_id: 7, vm_alive: true, verbose: true, module_name: 'ruby' };
    expect((await schedule(scheduler, { ...flavor, ...own })).status).toBe(201);
    expect((await schedule(scheduler, { verbose: false, module_name: 'ruby', module_stream: '3' })).status).toBe(201);
    const fields = ['test_flavor', 'package_channel', 'vm_alive', 'verbose', 'module_name'];
    expect(said).toEqual([[{ externalId: '7', fields }, 'fields of a task that nothing is done with']]);
  });

  it.each([
    ['no JSON', '{', 400],
    ['no UTF-8', '\xff', 400],
    ['a list', '[]', 422],
    ['more than 1 MiB', JSON.stringify({ ...payload, x: 'x'.repeat(1024 * 1024) }), 413],
  ])('answers %s in the old shape', async (_, body, status) => {
    const { ask } = await testedScheduler();
    const response = await ask('POST', '/tasks/schedule', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false, error_description: expect.any(String) });
  });
});

describe('who may ask', () => {
  it.each([
    ['nobody', undefined, 403, { detail: 'Not authenticated' }],
    ['another scheme', 'Basic abc', 403, { detail: 'Invalid authentication credentials' }],
    ['a token that is none', 'Bearer abc', 401, { detail: 'Could not validate credentials' }],
  ])('%s is refused as FastAPI did', async (_, authorization, status, body) => {
    const { ask } = await testedScheduler();
    const response = await ask('POST', '/tasks/schedule', payload, authorization ? { authorization } : {});
    expect([response.status, await response.json()]).toEqual([status, body]);
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  it('a token that may only read schedules nothing', async () => {
    const { ask, token } = await testedScheduler();
    const headers = { authorization: `Bearer ${await token(['tasks:read'])}` };
    expect((await ask('POST', '/tasks/schedule', payload, headers)).status).toBe(403);
    expect((await ask('GET', '/tasks/x/result', undefined, headers)).status).toBe(200);
  });
});

describe('GET /tasks/{task_id}/result', () => {
  const result = async ({ ask }: TestedScheduler, id: string) => (await ask('GET', `/tasks/${id}/result`)).json();
  const state = (name: string) => ({ state: name, api_version: '20210512' });

  it('goes from PENDING over STARTED and ABORTED to the end', async () => {
    const scheduler = await testedScheduler();
    expect(await result(scheduler, 'nobody-knows')).toEqual(state('PENDING'));
    const id = String((await schedule(scheduler)).body['task_id']);
    expect(await result(scheduler, id)).toEqual(state('PENDING'));
    await scheduler.table.started(id, 1);
    expect(await result(scheduler, id)).toEqual(state('STARTED'));
    await scheduler.table.cancel({ taskIds: [id] }, 'enough');
    expect(await result(scheduler, id)).toEqual(state('ABORTED'));
    await scheduler.table.finish(id, 1, { verdict: 'cancelled' });
    expect(await result(scheduler, id)).toEqual(state('REVOKED'));
  });

  it('is FAILURE where there is no result at all', async () => {
    const scheduler = await testedScheduler();
    const id = String((await schedule(scheduler)).body['task_id']);
    await scheduler.table.finish(id, 1, { verdict: 'error', error: { code: 'environment_lost', message: 'gone' } });
    expect(await result(scheduler, id)).toEqual(state('FAILURE'));
  });

  it('is SUCCESS with the result when a worker has stored a report, and said nothing', async () => {
    const scheduler = await testedScheduler();
    const id = String((await schedule(scheduler)).body['task_id']);
    scheduler.scheduler.start();
    const report = Buffer.from(JSON.stringify(reportOf(id)));
    await scheduler.store.put(
      { taskId: id, name: 'report.json' },
      (async function* () {
        yield report;
      })(),
      { once: true },
    );
    await expect
      .poll(() => result(scheduler, id), { timeout: 5000 })
      .toMatchObject({
        ...state('SUCCESS'),
        result: {
          skipped_tests: [],
          install_package: { success: true },
          tests: { package_integrity_tests: { success: false, output: expect.stringContaining('not ok 1') } },
          logs: [
            { name: `install_package_${id}.log`, type: 'test_log' },
            { name: `tests_package_integrity_tests_${id}.log` },
          ],
        },
      });
  });
});

function reportOf(taskId: string): TestReport {
  const ran = { startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1 };
  const request = parseRequest({ taskId, package: { name: 'chan' }, system: 'almalinux:9' });
  const failure = { reason: 'findings', message: 'x' } as const;
  return {
    schemaVersion: 1,
    taskId,
    verdict: 'failed',
    request,
    system: {
      distribution: 'almalinux',
      version: '9',
      architecture: 'x86_64',
      family: 'rpm',
      name: null,
      kernel: null,
    },
    runner: { type: 'docker', environment: null, image: null },
    package: { name: 'chan', version: '1', architecture: null, origin: null, sha256: null },
    ...ran,
    stages: [
      { name: 'install_package', status: 'passed', log: 'install_package.log', ...ran },
      { name: 'package_integrity_tests', status: 'failed', failure, log: 'package_integrity_tests.log', ...ran },
    ],
    findings: [
      {
        stage: 'package_integrity_tests',
        checker: 'files',
        rule: 'missing',
        severity: 'error',
        subject: '/usr/bin/x',
        message: 'is missing',
        status: 'new',
      },
    ],
    suites: [],
    artifacts: [],
  };
}

describe('POST /cancel_tasks', () => {
  const cancel = async ({ ask }: TestedScheduler, body: unknown) => {
    const response = await ask('POST', '/cancel_tasks', body);
    return [response.status, await response.json()] as const;
  };

  it('ends what has not begun, is told to workers of what has, and passes over what it does not know', async () => {
    const scheduler = await testedScheduler();
    const ids: string[] = [];
    for (const bs_task_id of [1, '2']) ids.push(String((await schedule(scheduler, { bs_task_id })).body['task_id']));
    const [waiting = '', running = ''] = ids;
    await scheduler.table.started(running, 1);
    const told = new Promise((resolve) => scheduler.broadcast.on(running, resolve));
    expect(await cancel(scheduler, { bs_task_ids: [1, 2, 99] })).toEqual([200, { success: true }]);
    expect(await told).toMatchObject({ kind: 'cancel', taskId: running });
    expect(await scheduler.table.find(waiting)).toMatchObject({ state: 'finished', verdict: 'cancelled' });
    expect(await scheduler.table.find(running)).toMatchObject({
      state: 'running',
      cancel_reason: 'cancelled by joe@example.org',
    });
    expect(await cancel(scheduler, { bs_task_ids: [1, 2, 99] })).toEqual([200, { success: true }]);
  });

  it.each([[{}], [{ bs_task_ids: 1 }], [[]], [{ bs_task_ids: [1.5] }]])('refuses %j', async (body) => {
    expect((await cancel(await testedScheduler(), body))[0]).toBe(422);
  });
});
