import { AltsError } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../../fixtures/services/free-port.ts';
import { openPostgres } from './postgres.ts';
import { tableError } from './table-error.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

describe('what a database throws', () => {
  it.each([
    withCode('the database system is shutting down', '57P01'),
    withCode('sorry, too many clients already', '53300'),
    withCode('relation "tasks" does not exist', '42P01'),
    withCode('', 'ECONNREFUSED'),
    new Error('Connection terminated unexpectedly'),
    new Error('database is locked'),
    new Error('no such table: tasks'),
  ])('is store_unavailable where it is not there or cannot: %s', (error) => {
    const named = tableError(error);
    expect(named).toMatchObject({ code: 'store_unavailable', cause: error });
    expect(String(named)).toMatch(/refuses: \S/);
  });

  it.each([
    withCode('duplicate key value violates unique constraint', '23505'),
    withCode('could not serialize access', '40001'),
    withCode('invalid byte sequence', '22021'),
    new Error('UNIQUE constraint failed: tasks.id'),
    new AltsError('invalid_request', 'as it was'),
  ])('stays what it is where it answers: %s', (error) => expect(tableError(error)).toBe(error));
});

it('PostgreSQL that nobody listens for is store_unavailable, in a transaction, too', async () => {
  const database = await openPostgres(`postgres://alts:secret@127.0.0.1:${await freePort()}/alts`);
  const { db, together } = database;
  const query = db.selectFrom('tasks').selectAll();
  for (const asking of [query.execute(), together([query.compile()])]) {
    await expect(asking).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  }
  await db.destroy();
});
