import { parseRequest } from '@alts/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerTable } from './answer-table.ts';
import { CallbackTable } from './callback-table.ts';
import { openNewDatabase } from './database.fixture.ts';
import { EventTable, type TestTaskEvent } from './event-table.ts';
import type { TaskFilter } from './list-tasks.ts';
import { migrate } from './migrate.ts';
import type { NewTask } from './new-task.ts';
import type { OpenDatabase } from './open-database.ts';
import { TaskTable } from './task-table.ts';

let database: OpenDatabase;
let table: TaskTable;
let now: number;
const clock = () => new Date(now);
const later = (ms: number) => {
  now += ms;
};

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  database = await openNewDatabase();
  await migrate(database.db);
  table = new TaskTable(database, clock);
});

function task(taskId: string, system = 'debian:12/x86_64', own: Partial<NewTask> = {}): NewTask {
  const request = parseRequest({ taskId, package: { name: 'hello' }, system });
  const architecture = request.system.architecture ?? 'x86_64';
  return { message: { schemaVersion: 1, taskId, request }, queue: 'q', architecture, package: 'hello', ...own };
}

describe('a list of tasks', () => {
  const listed = async (filter: Omit<TaskFilter, 'limit'>, limit = 10) =>
    (await table.list({ ...filter, limit })).map(({ id }) => id).join(' ');

  beforeEach(async () => {
    await table.accept(task('a'));
    later(1000);
    await Promise.all([table.accept(task('b1', 'debian:12/i686')), table.accept(task('b2', 'debian:13/x86_64'))]);
    later(1000);
    await table.accept(task('c', 'almalinux:9/x86_64', { package: 'nginx' }));
    await table.published(['b1']);
    await table.started('b2', 1, 'w');
    await table.finish('a', 1, { verdict: 'passed' });
    await table.finish('c', 1, { verdict: 'failed' });
  });

  it.each<[Omit<TaskFilter, 'limit'>, string]>([
    [{}, 'c b2 b1 a'],
    [{ state: 'accepted' }, ''],
    [{ state: 'queued' }, 'b1'],
    [{ state: 'running' }, 'b2'],
    [{ state: 'finished' }, 'c a'],
    [{ verdict: 'failed' }, 'c'],
    [{ verdict: 'failed', state: 'running' }, ''],
    [{ package: 'nginx' }, 'c'],
    [{ package: 'nginx', verdict: 'failed' }, 'c'],
    [{ package: 'nginx', verdict: 'passed' }, ''],
    [{ package: 'hello', verdict: 'passed' }, 'a'],
    [{ system: 'debian' }, 'b2 b1 a'],
    [{ system: 'debian:12' }, 'b1 a'],
    [{ system: 'debian:12/x86_64' }, 'a'],
    [{ system: 'debian/x86_64' }, 'b2 a'],
    [{ system: '/i686' }, 'b1'],
    [{ since: '2026-01-01T00:00:01.000Z' }, 'c b2 b1'],
    [{ until: '2026-01-01T00:00:01.000Z' }, 'a'],
    [{ since: '2026-01-01T00:00:01.000Z', until: '2026-01-01T00:00:02.000Z', system: 'debian:12' }, 'b1'],
  ])('with %j has %j, the newest first', async (filter, ids) => {
    expect(await listed(filter)).toBe(ids);
  });

  it.each<[Omit<TaskFilter, 'limit'>, string[]]>([
    [{}, ['c', 'b2', 'b1', 'a']],
    [{ system: 'debian' }, ['b2', 'b1', 'a']],
    [{ state: 'finished' }, ['c', 'a']],
  ])('with %j goes on behind each of its tasks, also behind one of two of the same moment', async (filter, ids) => {
    const seen: string[] = [];
    for (let [last] = await table.list({ ...filter, limit: 1 }); last; ) {
      seen.push(last.id);
      [last] = await table.list({ ...filter, limit: 1, after: { acceptedAt: last.accepted_at, id: last.id } });
    }
    expect(seen).toEqual(ids);
  });
});

describe('events', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const output = (taskId: string, attempt: number, sequence: number): TestTaskEvent => ({
    kind: 'test',
    taskId,
    attempt,
    event: { type: 'output', stage: 'system_info', stream: 'stdout', text: 'x', taskId, sequence, at },
  });
  const started = (taskId: string, attempt: number, sequence: number): TestTaskEvent => ({
    kind: 'test',
    taskId,
    attempt,
    event: { type: 'stage-started', stage: 'system_info', taskId, sequence, at },
  });
  let events: EventTable;
  beforeEach(() => {
    events = new EventTable(database);
  });
  const after = async (attempt: number, sequence: number, limit = 99) =>
    (await events.after('a', { attempt, sequence }, limit)).map((one) => `${one.attempt}-${one.sequence}`).join(' ');

  it('are read in their order, from behind a position, whatever order they came in, and are there once', async () => {
    await events.add([output('a', 2, 0), output('b', 1, 0), output('a', 1, 10), output('a', 1, 9)]);
    await events.add([output('a', 1, 9), output('a', 2, 1)]);
    expect(await after(0, -1)).toBe('1-9 1-10 2-0 2-1');
    expect(await after(1, 9)).toBe('1-10 2-0 2-1');
    expect(await after(1, 10, 1)).toBe('2-0');
    expect(await after(2, 1)).toBe('');
  });

  it('tell how far a task is without what its commands printed', async () => {
    await events.add([started('a', 1, 0), output('a', 1, 1), started('a', 1, 2)]);
    expect((await events.told('a')).map(({ sequence }) => sequence)).toEqual([0, 2]);
  });

  it('are kept for as long as their task goes on, and for a while after that', async () => {
    await Promise.all(['a', 'b'].map((id) => table.accept(task(id))));
    await events.add([started('a', 1, 0), started('b', 1, 0)]);
    await table.finish('a', 1, { verdict: 'passed' });
    await events.prune(clock());
    expect(await after(0, -1)).toBe('1-0');
    later(1);
    await events.prune(clock());
    expect(await after(0, -1)).toBe('');
    expect(await events.told('b')).toHaveLength(1);
  });
});

describe('an answer', () => {
  const answer = { caller: 'joe', key: 'k', fingerprint: 'f', status: 201, body: '{"id":"a"}' };

  it('is the first that was given to that caller under that key, for a week', async () => {
    const answers = new AnswerTable(database.db);
    await answers.keep({ ...answer, at: clock().toISOString() });
    await answers.keep({ ...answer, body: '{"id":"b"}', at: clock().toISOString() });
    expect(await answers.find('joe', 'k')).toMatchObject({ status: 201, body: '{"id":"a"}' });
    expect([await answers.find('ann', 'k'), await answers.find('joe', 'l')]).toEqual([undefined, undefined]);
    await answers.prune(new Date(now + 7 * 86_400_000));
    expect(await answers.find('joe', 'k')).toBeDefined();
    await answers.prune(new Date(now + 7 * 86_400_000 + 1));
    expect(await answers.find('joe', 'k')).toBeUndefined();
  });
});

describe('callbacks', () => {
  const hrefs = { a: 'https://one.example/a', b: 'https://two.example:8000/b', c: '/c' };

  it('are taken the oldest first, without those of hosts that are busy', async () => {
    for (const [id, callbackHref] of Object.entries(hrefs)) {
      await table.accept(task(id, undefined, { callbackHref }));
      await table.finish(id, 1, { verdict: 'passed', callback: '{}' });
      later(1);
    }
    const callbacks = new CallbackTable(database, clock);
    const ids = async (limit: number, but: string[]) =>
      (await callbacks.claim(limit, but)).map(({ task_id, host }) => `${task_id} ${host}`).sort();
    expect(await ids(1, ['one.example'])).toEqual(['b two.example:8000']);
    expect(await ids(9, ['one.example', 'two.example:8000'])).toEqual(['c ']);
    expect(await ids(9, [])).toEqual(['a one.example']);
    expect(await callbacks.count()).toBe(3);
  });

  it('are another’s when who took them is gone', async () => {
    await table.accept(task('a', undefined, { callbackHref: hrefs.a }));
    await table.finish('a', 1, { verdict: 'passed', callback: '{}' });
    const callbacks = new CallbackTable(database, clock);
    expect(await callbacks.claim(9)).toMatchObject([{ tries: 1 }]);
    later(119_000);
    expect(await callbacks.claim(9)).toEqual([]);
    later(1000);
    expect(await callbacks.claim(9)).toMatchObject([{ tries: 2 }]);
  });
});
