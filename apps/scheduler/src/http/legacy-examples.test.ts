import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadExclusions } from '@alts/sdk';
import { describe, expect, it } from 'vitest';
import { testedScheduler } from './app.fixture.ts';

/** Documents of the Python system, as its clients send them and know them; see fixtures/README.md. */
const path = (name: string) =>
  fileURLToPath(new URL(`../../../../fixtures/alts-contract/${name}.json`, import.meta.url));
const example = async (name: string) => JSON.parse(await readFile(path(name), 'utf8'));

interface Exchange {
  readonly status: number;
  readonly body: object;
}

describe('a client of the Python system', () => {
  it.each([
    ['a plain package, a modular one for i686, one for x86_64_v2', '01-get-test-tasks.response', 3],
    ['nulls in all that is optional', '02-task.nulls-minimal', 1],
    ['a package of a module, with the repository of a flavor', '03-task.modular-i686', 1],
    [
      'all that there is: a text for an id, a machine, a flavor, suites of git and Gerrit',
      '04-task.third-party-full-opennebula',
      1,
    ],
    ['suites as the UI writes them', '05-task.third-party-ui-shape', 1],
  ])('may send %s', async (_, name, count) => {
    const { ask, table } = await testedScheduler();
    const tasks = [await example(name)].flat();
    expect(tasks).toHaveLength(count);
    for (const task of tasks) {
      const response = await ask('POST', '/tasks/schedule', task);
      const body = (await response.json()) as { task_id: string };
      expect([response.status, body]).toEqual([
        201,
        { api_version: '20210512', success: true, task_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ]);
      expect(await table.find(body.task_id)).toMatchObject({
        external_id: String(task.bs_task_id),
        package: task.package_name,
        distribution: expect.stringMatching(/^almalinux/),
        callback_href: task.callback_href,
      });
    }
  });

  it('is answered as it always was when it asks for a test', async () => {
    const { ask } = await testedScheduler();
    const { request, accepted } = await example('06-schedule.exchanges');
    const response = await ask(request.method, request.path, request.body);
    const { task_id: _, ...rest } = (await response.json()) as Record<string, unknown>;
    const { task_id: __, ...known } = accepted.body;
    expect([response.status, rest]).toEqual([accepted.status, known]);
  });

  it('is answered as it always was when it cancels', async () => {
    const { ask } = await testedScheduler();
    const { request, response: known } = await example('07-cancel.exchange');
    const response = await ask(request.method, request.path, request.body);
    expect([response.status, await response.json()]).toEqual([known.status, known.body]);
  });

  it('is told the states that it knows', async () => {
    const { ask, table } = await testedScheduler();
    const known: Record<string, Exchange> = await example('08-task-result.exchanges');
    const { task_id: id } = (await (
      await ask('POST', '/tasks/schedule', await example('02-task.nulls-minimal'))
    ).json()) as { task_id: string };
    const result = async () => {
      const response = await ask('GET', `/tasks/${id}/result`);
      return { status: response.status, body: await response.json() };
    };
    expect(await result()).toEqual(known['unknown_or_queued_or_expired']);
    await table.started(id, 1, 'w');
    expect(await result()).toEqual(known['running']);
    await table.cancel({ taskIds: [id] }, 'enough');
    expect(await result()).toEqual(known['abort_requested']);
  });

  it('has exclusion documents that are read', async () => {
    await expect(loadExclusions(path('20-skipped-tests.exclusions'))).resolves.toBeDefined();
  });
});
