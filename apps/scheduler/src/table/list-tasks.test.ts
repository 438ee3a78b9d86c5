import { CompiledQuery } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { listTasks, type TaskFilter } from './list-tasks.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

const SYSTEM = 'tasks_by_system (distribution=?)';

it.each<[Omit<TaskFilter, 'limit'>, string]>([
  [{}, 'tasks_by_time'],
  [{ state: 'queued' }, 'tasks_by_state (state=?)'],
  [{ state: 'finished' }, 'tasks_by_time'],
  [{ verdict: 'error' }, 'tasks_by_verdict (verdict=?)'],
  [{ verdict: 'error', state: 'finished' }, 'tasks_by_verdict (verdict=?)'],
  [{ verdict: 'error', until: '2026' }, 'tasks_by_verdict (verdict=? AND accepted_at<?)'],
  [{ system: 'debian' }, SYSTEM],
  [{ system: 'debian:12' }, SYSTEM],
  [{ system: 'debian:12/x86_64', since: '2026' }, 'tasks_by_system (distribution=? AND accepted_at>?)'],
  [{ package: 'hello', verdict: 'failed' }, 'tasks_by_package (package=?)'],
  [{ after: { acceptedAt: '2026', id: 'a' } }, 'tasks_by_time ((accepted_at,id)<(?,?))'],
  [
    { system: 'debian', after: { acceptedAt: '2026', id: 'a' } },
    'tasks_by_system (distribution=? AND (accepted_at,id)<(?,?))',
  ],
])('a list of tasks with %j is read in the order of an index', async (filter, index) => {
  const { db } = await openSqlite(':memory:');
  onTestFinished(() => db.destroy());
  await migrate(db);
  const { sql, parameters } = listTasks(db, { ...filter, limit: 50 }).compile();
  const plan = await db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  );
  const [first, ...rest] = plan.rows.map(({ detail }) => detail);
  expect(first).toMatch(/^(SCAN|SEARCH) tasks USING INDEX /);
  expect(first?.endsWith(index)).toBe(true);
  // Tasks of one moment are sorted by their ids, and no more.
  expect(rest.filter((detail) => detail !== 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY')).toEqual([]);
});
