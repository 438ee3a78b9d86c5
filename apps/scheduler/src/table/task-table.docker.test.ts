import { randomUUID } from 'node:crypto';
import { parseRequest } from '@alts/sdk/plugin';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgreSql, startPostgreSql } from '../../../../fixtures/services/postgres.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './postgres.ts';
import { taskTableCases } from './task-table.cases.fixture.ts';
import { TaskTable } from './task-table.ts';

let server: PostgreSql;
beforeAll(async () => {
  server = await startPostgreSql();
});
afterAll(() => server[Symbol.asyncDispose]());

async function newDatabase() {
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const { db } = await openDatabase(server.url);
  await sql`create database ${sql.id(name)}`.execute(db);
  await db.destroy();
  return { open: () => openDatabase(server.url.replace(/[^/]+$/, name)) };
}

taskTableCases('PostgreSQL', newDatabase);

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
  for (let at = 0; at < 60; at += 1) {
    const request = parseRequest({ taskId: `t${at}`, package: { name: 'hello' }, system: 'debian:12/x86_64' });
    const message = { schemaVersion: 1, taskId: `t${at}`, request } as const;
    await first?.accept({ message, queue: 'q', architecture: 'x86_64', package: 'hello' });
  }
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
