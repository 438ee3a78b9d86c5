import type { TestReport } from '@alts/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cutWorkerOff,
  heard,
  killSchedulersBeforePublish,
  killWorkersInEveryStage,
  redeliver,
  restartBroker,
  STAGES,
  stopStore,
} from './faults.fixture.ts';
import { Fleet, QUEUE, type SchedulerName } from './fleet.fixture.ts';

interface Task {
  readonly id: string;
  readonly state: string;
  readonly verdict: string;
  readonly attempt: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const TASKS = 60;
/** Accepted by the scheduler that has a table of its own, in SQLite. */
const OF_SQLITE = 6;
/** Accepted by each of two schedulers that die before they can publish them. */
const ORPHANS = 6;
const DYING: readonly SchedulerName[] = ['b', 'c'];
/** Half of them wait, the other half run. */
const CANCELLED = 12;
const DUPLICATES = 8;
const ENOUGH_MS = 12 * 60_000;

let fleet: Fleet;
/** Every task, and whom to ask about it. */
const posted = new Map<string, SchedulerName>();
const cancelled = new Set<string>();
let killed: string[] = [];

async function post(by: SchedulerName, count: number): Promise<string[]> {
  const ids = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const payload = {
        runner_type: 'docker',
        dist_name: 'debian',
        dist_version: '12',
        dist_arch: 'x86_64',
        package_name: 'hello',
        bs_task_id: `${posted.size + at}`,
        callback_href: '/told/',
        test_configuration: { tests: [{ url: fleet.suite, test_dir: 'checks' }] },
      };
      return (await fleet.ask<{ task_id: string }>(by, 'POST', '/tasks/schedule', payload)).task_id;
    }),
  );
  for (const id of ids) posted.set(id, by);
  return ids;
}

async function allTasks(): Promise<Task[]> {
  const lists = (['a', 'c'] as const).map((by) => fleet.ask<{ tasks: Task[] }>(by, 'GET', '/tasks?limit=500'));
  return (await Promise.all(lists)).flatMap(({ tasks }) => tasks);
}
const finished = async () => (await allTasks()).filter(({ state }) => state === 'finished').length;
async function untilFinished(count: number): Promise<void> {
  await expect.poll(finished, { timeout: ENOUGH_MS, interval: 1000 }).toBeGreaterThanOrEqual(count);
}

async function cancel(taskId: string): Promise<void> {
  await fleet.ask(posted.get(taskId) ?? 'a', 'POST', `/tasks/${taskId}/cancel`);
  cancelled.add(taskId);
}

/** As soon as a worker says that it makes an environment for one: the end is a good way off. */
async function cancelRunning(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const taskId = await heard(
      fleet,
      (event) => {
        if (event.kind !== 'test' || event.event.type !== 'stage-started') return undefined;
        return event.event.stage === 'initial_provision' && !cancelled.has(event.taskId) ? event.taskId : undefined;
      },
      'a task that begins',
    );
    await cancel(taskId);
  }
}

beforeAll(async () => {
  fleet = await Fleet.create();
  await fleet.startAll();
}, 300_000);
afterAll(() => fleet[Symbol.asyncDispose](), 120_000);

describe('a fleet of two schedulers on PostgreSQL, one on SQLite and three workers, with RabbitMQ, S3 and Docker', () => {
  it(
    'comes to the end of every task, whatever dies',
    async () => {
      await post('c', OF_SQLITE);
      const first = await post('a', TASKS - OF_SQLITE - DYING.length * ORPHANS);
      for (const id of first.slice(-CANCELLED / 2)) await cancel(id);
      const killing = killWorkersInEveryStage(fleet);
      killing.catch(() => undefined);
      await untilFinished(8);
      await restartBroker(fleet);
      await cancelRunning(CANCELLED / 2);
      await untilFinished(16);
      await stopStore(fleet, 'refuse');
      await untilFinished(20);
      await stopStore(fleet, 'cut');
      await untilFinished(24);
      await redeliver(fleet, first.slice(0, DUPLICATES));
      await cutWorkerOff(fleet);
      await untilFinished(30);
      await killSchedulersBeforePublish(fleet, DYING, (by) => post(by, ORPHANS));
      killed = await killing;
      await untilFinished(TASKS);
    },
    ENOUGH_MS,
  );

  it('has one end for each task: cancelled where it was cancelled, passed elsewhere', async () => {
    const tasks = await allTasks();
    expect(tasks.map(({ id }) => id).sort()).toEqual([...posted.keys()].sort());
    const wrong = tasks.filter(({ id, verdict }) => verdict !== (cancelled.has(id) ? 'cancelled' : 'passed'));
    expect(wrong).toEqual([]);
    expect([cancelled.size, killed.length]).toEqual([CANCELLED, STAGES.length]);
  });

  it('tells each client of each task, the same every time', async () => {
    await expect.poll(() => fleet.client.told.size, { timeout: 60_000 }).toBe(TASKS);
    for (const by of ['a', 'c'] as const) {
      await expect.poll(() => fleet.metric(by, 'alts_callbacks'), { timeout: 60_000 }).toBe(0);
    }
    for (const [id, told] of fleet.client.told) {
      expect(posted.has(id)).toBe(true);
      for (const again of told) expect(again).toEqual(told[0]);
    }
  });

  it('has nothing left in any queue', async () => {
    const left = async () => {
      const lines = (await fleet.broker.exec('rabbitmqctl', '--quiet', 'list_queues', 'name', 'messages')).split('\n');
      return lines.filter((line) => line.startsWith(QUEUE) && !line.endsWith('\t0'));
    };
    await expect.poll(left, { timeout: 120_000, interval: 1000 }).toEqual([]);
    expect(await fleet.queue.depth(QUEUE)).toEqual({ waiting: 0, retrying: 0, dead: 0 });
  });

  it('has one report of each task that ran, with all that it names, and each of it is what it was', async () => {
    await fleet.stopWorkers();
    let artifacts = 0;
    for (const id of posted.keys()) {
      const report = await readReport(id);
      if (!report) {
        // It was cancelled before anybody began.
        expect(cancelled).toContain(id);
        continue;
      }
      expect(report).toMatchObject({ taskId: id, verdict: cancelled.has(id) ? 'cancelled' : 'passed' });
      if (!cancelled.has(id)) expect(report.suites).toMatchObject([{ tests: [{ status: 'passed' }] }]);
      const stored = new Map((await Array.fromAsync(fleet.store.list(id))).map((ref) => [ref.name, ref]));
      for (const ref of report.artifacts) {
        expect(stored.get(ref.name), `${id} ${ref.name}`).toEqual(ref);
        // The store compares what it reads with the digest.
        await Array.fromAsync(fleet.store.get({ taskId: id, name: ref.name }));
        artifacts += 1;
      }
      expect(await readByLink(id)).toEqual(report);
    }
    const attempts = (await allTasks()).reduce((sum, { attempt }) => sum + attempt, 0);
    process.stdout.write(
      `${TASKS} tasks: ${TASKS - cancelled.size} passed, ${cancelled.size} cancelled; ${attempts} attempts; ` +
        `${artifacts} artifacts with their digests; ${fleet.client.told.size} clients told; ` +
        `killed: ${killed.length} workers (${killed.join(', ')}), ${DYING.length} schedulers; broker off 3 times, store off twice, ` +
        `1 worker cut off, ${DUPLICATES} tasks doubled\n`,
    );
  });

  it('leaves no environment', async () => {
    expect(await fleet.environments([...posted.keys()])).toEqual([]);
  });
});

/** As one without a token has it. */
async function readByLink(taskId: string): Promise<TestReport> {
  const path = `/tasks/${taskId}/artifacts/report.json/link`;
  const { url } = await fleet.ask<{ url: string }>(posted.get(taskId) ?? 'a', 'GET', path);
  return (await (await fetch(url)).json()) as TestReport;
}

async function readReport(taskId: string): Promise<TestReport | undefined> {
  try {
    const chunks = await Array.fromAsync(fleet.store.get({ taskId, name: 'report.json' }));
    return JSON.parse(Buffer.concat(chunks).toString()) as TestReport;
  } catch (error) {
    if ((error as { code?: string }).code === 'artifact_not_found') return undefined;
    throw error;
  }
}
