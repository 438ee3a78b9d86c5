import type { TestEvent, TestReport } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { reportOf as quickReport } from '../tasks/report.fixture.ts';
import { type TestedScheduler, testedScheduler } from './app.fixture.ts';

const at = '2026-01-01T00:00:00.000Z';

async function newTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12' });
  return ((await response.json()) as { id: string }).id;
}

const detail = async ({ ask }: TestedScheduler, id: string) =>
  (await (await ask('GET', `/tasks/${id}`)).json()) as Record<string, unknown>;

async function put({ store }: TestedScheduler, taskId: string, name: string, value: object | string): Promise<void> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const content = async function* () {
    yield Buffer.from(text);
  };
  await store.put({ taskId, name }, content());
}

const ran = { startedAt: at, durationMs: 1000 };
/** Of an attempt of one second, as a worker leaves it. */
const reportOf = (taskId: string, own: Partial<TestReport> = {}): TestReport => {
  const stages: TestReport['stages'] = [
    { name: 'install_package', status: 'passed', log: 'install_package.log', ...ran },
  ];
  return quickReport(taskId, { ...ran, stages, ...own });
};

const started = (taskId: string): TestEvent => ({
  type: 'stage-started',
  stage: 'install_package',
  taskId,
  sequence: 0,
  at,
});
const hear = ({ events }: TestedScheduler, taskId: string, attempt: number) =>
  events.add([{ kind: 'test', taskId, attempt, event: started(taskId) }]);

const lost = { code: 'environment_lost', message: 'the engine is gone' } as const;

describe('the attempts of a task', () => {
  it('are none before the first, and then have a worker and a beginning', async () => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    expect(await detail(scheduler, id)).toMatchObject({ attempts: [], stages: [], findings: [] });
    await scheduler.table.started(id, 1, 'one');
    const [first, ...more] = (await detail(scheduler, id))['attempts'] as object[];
    expect(more).toEqual([]);
    expect(first).toEqual({
      attempt: 1,
      worker: 'one',
      startedAt: expect.any(String),
      finishedAt: null,
      verdict: null,
      error: null,
      links: {},
    });
  });

  it('are each told with what became of them, and the place of the report', async () => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    await put(scheduler, id, 'attempt-1.json', { taskId: id, attempt: 1, worker: 'one', id: 'x', startedAt: at });
    await put(scheduler, id, 'attempt-2.json', { taskId: id, attempt: 2, worker: 'two', id: 'y', startedAt: at });
    await put(scheduler, id, 'report-attempt-1.json', reportOf(id, { verdict: 'error', error: lost }));
    await put(scheduler, id, 'report.json', reportOf(id, { startedAt: '2026-01-01T00:01:00.000Z' }));
    await scheduler.table.started(id, 2, 'two');
    await scheduler.table.finish(id, 2, { verdict: 'passed', summary: '{}' });
    const { attempts, links } = await detail(scheduler, id);
    expect(attempts).toEqual([
      {
        attempt: 1,
        worker: 'one',
        startedAt: at,
        finishedAt: '2026-01-01T00:00:01.000Z',
        verdict: 'error',
        error: lost,
        links: { report: `/tasks/${id}/artifacts/report-attempt-1.json` },
      },
      {
        attempt: 2,
        worker: 'two',
        startedAt: '2026-01-01T00:01:00.000Z',
        finishedAt: '2026-01-01T00:01:01.000Z',
        verdict: 'passed',
        error: null,
        links: { report: `/tasks/${id}/artifacts/report.json` },
      },
    ]);
    expect((await scheduler.ask('GET', `/tasks/${id}/artifacts/report-attempt-1.json`)).status).toBe(200);
    const list = await scheduler.ask('GET', (links as { artifacts: string }).artifacts);
    const names = ['attempt-1.json', 'attempt-2.json', 'report-attempt-1.json', 'report.json'];
    expect(await list.json()).toMatchObject({
      artifacts: names.map((name) => ({ name, href: `/tasks/${id}/artifacts/${name}`, size: expect.any(Number) })),
    });
  });

  it('may be over when the task was cancelled before the next', async () => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    await put(scheduler, id, 'report-attempt-1.json', reportOf(id, { verdict: 'error', error: lost }));
    await scheduler.table.started(id, 1, 'one');
    await scheduler.table.finish(id, 1, { verdict: 'cancelled' });
    const { attempts, verdict } = await detail(scheduler, id);
    expect([verdict, attempts]).toMatchObject(['cancelled', [{ attempt: 1, verdict: 'error', error: lost }]]);
  });

  it('are told from the task table where nothing was left, or what was left is no report', async () => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    await put(scheduler, id, 'report.json', '{"schemaVersion":2}');
    await scheduler.table.started(id, 2, 'two');
    await scheduler.table.finish(id, 2, { verdict: 'error', error: lost });
    expect((await detail(scheduler, id))['attempts']).toMatchObject([
      { attempt: 1, worker: null, verdict: null, error: null, links: {} },
      { attempt: 2, worker: 'two', finishedAt: expect.any(String), verdict: 'error', error: lost, links: {} },
    ]);
  });
});

describe('the stages of a task that is over', () => {
  it('are those of the report, also where the end of one was never heard', async () => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    await hear(scheduler, id, 1);
    await hear(scheduler, id, 2);
    const finding = {
      checker: 'files',
      rule: 'missing',
      severity: 'error',
      subject: '/x',
      message: 'is missing',
    } as const;
    const findings = [{ ...finding, stage: 'package_integrity_tests', status: 'new' }] as const;
    await put(scheduler, id, 'report-attempt-1.json', reportOf(id, { verdict: 'error', error: lost, stages: [] }));
    await put(scheduler, id, 'report.json', reportOf(id, { verdict: 'failed', findings: [...findings] }));
    await scheduler.table.finish(id, 2, { verdict: 'failed', summary: '{}' });
    expect(await detail(scheduler, id)).toMatchObject({
      stages: [{ attempt: 2, name: 'install_package', status: 'passed', durationMs: 1000 }],
      findings,
    });
  });

  it.each([
    ['error', 'error'],
    ['cancelled', 'cancelled'],
  ] as const)('do not run any more: %s without a report', async (verdict, status) => {
    const scheduler = await testedScheduler();
    const id = await newTask(scheduler);
    await hear(scheduler, id, 1);
    await scheduler.table.finish(id, 1, { verdict });
    expect((await detail(scheduler, id))['stages']).toMatchObject([{ name: 'install_package', status }]);
  });
});
