import { parseRequest } from '@alts/sdk/plugin';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgreSql, startPostgreSql } from '../../../../fixtures/services/postgres.ts';
import { EventTable } from './event-table.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './postgres.ts';
import { newPostgreSqlDatabase } from './postgresql-database.fixture.ts';
import { taskTableCases } from './task-table.cases.fixture.ts';
import { TaskTable } from './task-table.ts';

let server: PostgreSql;
beforeAll(async () => {
  server = await startPostgreSql();
});
afterAll(() => server[Symbol.asyncDispose]());

async function newDatabase() {
  const where = await newPostgreSqlDatabase(server);
  return { open: () => openDatabase(where) };
}

taskTableCases('PostgreSQL', newDatabase);

it('several schedulers that confirm, begin, cancel and end the same tasks at once wait for each other, and none for ever', async () => {
  const { open } = await newDatabase();
  const [first, second] = await Promise.all([1, 2].map(open));
  if (!first || !second) throw new Error('two are opened');
  await migrate(first.db);
  const [one, other] = [new TaskTable(first), new TaskTable(second)];
  for (let round = 0; round < 10; round += 1) {
    const ids = Array.from({ length: 60 }, (_, at) => `t${round}-${at}`);
    await Promise.all(ids.map((id) => one.accept({ ...newTask(id), externalId: id })));
    const backwards = ids.toReversed();
    const ended = Promise.all(backwards.map((id) => one.finish(id, 0, { verdict: 'cancelled' })));
    await Promise.all([
      one.published(ids),
      one.accept(newTask(`beside-${round}`)),
      other.published(backwards),
      one.cancel({ externalIds: ids }, 'by one'),
      other.cancel({ externalIds: backwards }, 'by the other'),
      other.heard(ids),
    ]);
    expect(await ended).not.toContain(false);
  }
  expect(await one.counts()).toEqual(new Map([['accepted', 10]]));
  await Promise.all([one, other].map((table) => table[Symbol.asyncDispose]()));
});

it('several schedulers that heard the same in another order write it down once', async () => {
  const { open } = await newDatabase();
  const [first, second] = await Promise.all([1, 2].map(open));
  if (!first || !second) throw new Error('two are opened');
  await migrate(first.db);
  const at = new Date().toISOString();
  const told = Array.from({ length: 200 }, (_, sequence) => ({
    kind: 'test' as const,
    taskId: `t${sequence % 7}`,
    attempt: 1,
    event: { type: 'verdict' as const, verdict: 'passed' as const, taskId: 't', sequence, at },
  }));
  const tables = [new EventTable(first), new EventTable(second)];
  for (let from = 0; from < told.length; from += 20) {
    const some = told.slice(from, from + 20);
    await Promise.all([some, some.toReversed()].map((events, which) => tables[which]?.add(events)));
  }
  expect(await tables[0]?.after('t0', { attempt: 0, sequence: 0 }, 500)).toHaveLength(29);
  await Promise.all([first, second].map(({ db }) => db.destroy()));
});

function newTask(taskId: string) {
  const request = parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12/x86_64' });
  const message = { schemaVersion: 1, taskId, request } as const;
  return { message, queue: 'q', architecture: 'x86_64', package: 'hello' };
}

it('several schedulers that start at once migrate once, and publish what one of them left once', async () => {
  let now = Date.now();
  const { open } = await newDatabase();
  const tables = await Promise.all(
    [1, 2, 3].map(async () => {
      const opened = await open();
      await migrate(opened.db);
      return new TaskTable(opened, () => new Date(now));
    }),
  );
  const [first] = tables;
  for (let at = 0; at < 60; at += 1) await first?.accept(newTask(`t${at}`));
  // Who accepted them has not published them.
  now += 31_000;
  const claimed: string[] = [];
  const claimAll = async (table: TaskTable) => {
    for (let rows = await table.claim(5); rows.length > 0; rows = await table.claim(5)) {
      claimed.push(...rows.map(({ task_id }) => task_id));
    }
  };
  await Promise.all(tables.map(claimAll));
  expect(claimed).toHaveLength(60);
  expect(new Set(claimed).size).toBe(60);
  await Promise.all(tables.map((table) => table[Symbol.asyncDispose]()));
});
