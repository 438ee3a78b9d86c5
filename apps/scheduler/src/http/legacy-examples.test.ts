import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadExclusions } from '@alts/sdk';
import { describe, expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

/** What clients of the Python system send: see fixtures/README.md. */
const EXAMPLES = join(import.meta.dirname, '../../../../fixtures/alts-contract');
const example = async <T>(file: string) => JSON.parse(await readFile(join(EXAMPLES, file), 'utf8')) as T;

type Fields = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: Fields;
}
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: Fields;
}

const accepted = {
  status: 201,
  body: { api_version: '20210512', success: true, task_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
};

async function asked({ ask }: TestedScheduler, { method, path, body }: Asked, headers?: Record<string, string>) {
  const response = await ask(method, path, body, headers);
  return { status: response.status, body: (await response.json()) as Fields };
}

/** Schedules a task that must be accepted, and gives its row. */
async function scheduled(scheduler: TestedScheduler, body: Fields) {
  const answer = await asked(scheduler, { method: 'POST', path: '/tasks/schedule', body });
  expect(answer).toEqual(accepted);
  const row = await scheduler.table.find(String(answer.body['task_id']));
  return { ...row, request: JSON.parse(row?.request ?? 'null') as Fields };
}

describe('tasks of the web server', () => {
  it('01: each of a poll answer is accepted: plain, modular i686, kitten x86_64_v2', async () => {
    const scheduler = await testedScheduler();
    const payloads = await example<Fields[]>('01-get-test-tasks.response.json');
    const rows = [];
    for (const payload of payloads) rows.push(await scheduled(scheduler, payload));
    expect(rows.map(({ external_id, queue, architecture }) => [external_id, queue, architecture])).toEqual([
      ['481501', 'docker-x86_64-0', 'x86_64'],
      ['481502', 'docker-x86_64-0', 'i686'],
      ['481503', 'docker-x86_64_v2-0', 'x86_64_v2'],
    ]);
    expect(rows[2]).toMatchObject({ version: '10-kitten', callback_href: '/api/v1/tests/481503/result/' });
  });

  it('02: nulls for all that is optional are accepted, repositories among them', async () => {
    const row = await scheduled(await testedScheduler(), await example('02-task.nulls-minimal.json'));
    expect(row).toMatchObject({ external_id: '481504', package: 'hello', request: { repositories: [], tests: [] } });
    expect(row.request).not.toHaveProperty('module');
  });

  it('03: a module and the repositories of a flavour are accepted', async () => {
    const payload = await example<{ repositories: { name: string; baseurl: string }[] }>('03-task.modular-i686.json');
    const { request } = await scheduled(await testedScheduler(), { ...payload });
    expect(request).toMatchObject({
      package: { name: 'ruby-libs', version: '3.1.7-145.module_el8.10.0+4012+c4a9b3d1' },
      module: { name: 'ruby', stream: '3.1', version: '8100020250904071500' },
      repositories: payload.repositories.map(({ name, baseurl }) => ({ name, url: baseurl, trusted: true })),
    });
  });

  it('04: all fields at once are accepted, with an id of letters', async () => {
    const row = await scheduled(await testedScheduler(), await example('04-task.third-party-full-opennebula.json'));
    expect(row).toMatchObject({
      external_id: '6690f2a4c1d2e3f405162738',
      queue: 'opennebula-x86_64-0',
      callback_href: '/test_tasks/6690f2a4c1d2e3f405162738/result',
      request: {
        package: { name: 'alt-php82', version: '1:8.2.30-1.el8' },
        system: { distribution: 'almalinux', version: '8.10' },
        repositories: [{ name: 'build-77120-br' }, { name: 'repo-1' }],
        tests: [
          { url: 'https://git.example.org/qa/package-tests.git', ref: 'main', dir: 'tests/p_alt-php82' },
          { url: 'ssh://gerrit.example.org:29418/qa/core-tests', ref: '12345/7', environment: { DEBUG: '1' } },
        ],
      },
    });
  });

  it('05: suites as the UI writes them are accepted, and can be fetched', async () => {
    const { request } = await scheduled(await testedScheduler(), await example('05-task.third-party-ui-shape.json'));
    expect(request['tests']).toMatchObject([
      { url: 'https://git.example.org/qa/package-tests.git', dir: 'tests/p_php', environment: {} },
    ]);
  });
});

describe('POST /tasks/schedule', () => {
  type Schedule = Record<'request', Asked> & Record<'accepted' | 'not_enqueued' | 'enqueued_but_not_saved', Answer>;
  const exchange = () => example<Schedule>('06-schedule.exchanges.json');

  it('06: a task without an id of its own is accepted', async () => {
    const { request, accepted: expected } = await exchange();
    const answer = await asked(await testedScheduler(), request);
    expect(answer).toEqual(accepted);
    expect(Object.keys(answer.body).toSorted()).toEqual(Object.keys(expected.body).toSorted());
  });

  it('06: what the task table does not take is refused with 400 and a description', async () => {
    const scheduler = await testedScheduler();
    const { request, not_enqueued: expected } = await exchange();
    await scheduler.table[Symbol.asyncDispose]();
    expect(await asked(scheduler, request)).toEqual({
      ...expected,
      body: { ...expected.body, error_description: expect.stringContaining('the task table') },
    });
  });

  it('06: a task that is accepted waits for a queue that is not there', async () => {
    const scheduler = await testedScheduler();
    await scheduler.queue[Symbol.asyncDispose]();
    expect(await asked(scheduler, (await exchange()).request)).toEqual(accepted);
  });
});

it('07: a list of ids is cancelled, also those that nobody knows', async () => {
  const scheduler = await testedScheduler();
  const { request, response } = await example<{ request: Asked; response: Answer }>('07-cancel.exchange.json');
  const [payload = {}] = await example<Fields[]>('01-get-test-tasks.response.json');
  const { id } = await scheduled(scheduler, payload);
  expect(await asked(scheduler, request)).toEqual(response);
  expect(await scheduler.table.find(String(id))).toMatchObject({ state: 'finished', verdict: 'cancelled' });
});

describe('GET /tasks/{task_id}/result', () => {
  type Exchanges = Readonly<Record<string, Answer>> & { readonly request: Asked };
  const id = '9d3c0d0e-4a5b-4c7e-9a38-0f6f2f1f7c11';
  const exchanges = () => example<Exchanges>('08-task-result.exchanges.json');
  const withTask = async () => {
    const scheduler = await testedScheduler();
    const task = { taskId: id, package: { name: 'chan' }, system: 'almalinux:9' };
    expect((await asked(scheduler, { method: 'POST', path: '/tasks', body: task })).status).toBe(201);
    return scheduler;
  };

  it('08: unknown, queued, running, to be aborted, crashed and finished are told as they were', async () => {
    const { request, ...answers } = await exchanges();
    const result = answers['finished']?.body['result'];
    const unknown = await testedScheduler();
    expect(await asked(unknown, request)).toEqual(answers['unknown_or_queued_or_expired']);
    const scheduler = await withTask();
    expect(await asked(scheduler, request)).toEqual(answers['unknown_or_queued_or_expired']);
    await scheduler.table.started(id, 1);
    expect(await asked(scheduler, request)).toEqual(answers['running']);
    await scheduler.table.cancel({ taskIds: [id] }, 'enough');
    expect(await asked(scheduler, request)).toEqual(answers['abort_requested']);
    await scheduler.table.finish(id, 1, { verdict: 'passed', summary: JSON.stringify(result) });
    expect(await asked(scheduler, request)).toEqual(answers['finished']);
    const crashed = await withTask();
    await crashed.table.finish(id, 1, { verdict: 'error', error: { code: 'environment_lost', message: 'gone' } });
    expect(await asked(crashed, request)).toEqual(answers['crashed']);
  });

  it('08: a task that was cancelled before it began is revoked', async () => {
    const { request, ...answers } = await exchanges();
    const scheduler = await withTask();
    await asked(scheduler, { method: 'POST', path: `/tasks/${id}/cancel` });
    expect(await asked(scheduler, request)).toEqual(answers['revoked_before_start']);
  });

  it.each([
    ['bad_token', { authorization: 'Bearer abc' }],
    ['no_token', {}],
  ])('08: %s is refused as FastAPI does', async (name, headers) => {
    const { request, ...answers } = await exchanges();
    const { ask } = await testedScheduler();
    const response = await ask(request.method, request.path, undefined, headers);
    const expected = answers[name];
    expect([response.status, await response.json()]).toEqual([expected?.status, expected?.body]);
    expect(response.headers.get('www-authenticate')).toBe(expected?.headers?.['www-authenticate'] ?? null);
  });
});

it('20: an exclusion document is read as it is: exact systems, prefixes of names', async () => {
  const exclusions = await loadExclusions(join(EXAMPLES, '20-skipped-tests.exclusions.json'), {});
  const stagesOf = (distribution: string, version: string, packageName: string) => {
    const { exclusions: found, unknown } = exclusions.for({ distribution, version, packageName });
    expect(unknown).toEqual([]);
    return found.map(({ stage }) => stage).toSorted();
  };
  expect(stagesOf('almalinux', '8', 'curl-minimal')).toEqual(['package_integrity_tests', 'uninstall_package']);
  expect(stagesOf('almalinux', '9', 'chan')).toEqual(['package_integrity_tests']);
  expect(stagesOf('almalinux', '10-kitten', 'kernel')).toEqual([
    'install_package',
    'package_integrity_tests',
    'uninstall_package',
  ]);
  expect(stagesOf('ubuntu', '24.04', 'bzip2')).toEqual(['package_integrity_tests']);
  expect(stagesOf('almalinux', '10', 'kernel')).toEqual([]);
});
