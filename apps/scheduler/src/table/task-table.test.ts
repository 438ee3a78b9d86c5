import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from './postgres.ts';
import { taskTableCases } from './task-table.cases.fixture.ts';

taskTableCases('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-table-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return { open: () => openDatabase(join(directory, 'tasks.sqlite')) };
});

it('is in SQLite or PostgreSQL, and nothing else', async () => {
  const message = 'database: "mysql" is not known; give a path or postgres://…';
  await expect(openDatabase('mysql://localhost/x')).rejects.toMatchObject({ code: 'invalid_request', message });
  await expect(openDatabase('/no/such/directory/x.sqlite')).rejects.toMatchObject({ code: 'store_unavailable' });
});
