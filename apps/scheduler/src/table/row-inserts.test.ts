import { expect, it, onTestFinished } from 'vitest';
import { RowInserts } from './row-inserts.ts';
import type { Database } from './schema.ts';
import { openSqlite } from './sqlite.ts';

type Row = Database['events'];

const row = (sequence: number): Row => ({ task_id: `task-${sequence}`, attempt: 1, sequence, event: '{}', at: 'now' });
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, at) => row(from + at));

async function inserts() {
  const { db } = await openSqlite(':memory:');
  onTestFinished(() => db.destroy());
  const compiled: number[] = [];
  const compile = (some: readonly Row[]) => {
    compiled.push(some.length);
    return db.insertInto('events').values(some).compile();
  };
  return { compiled, compile, statements: new RowInserts(compile) };
}

it('gives what the query builder gives, the second time too', async () => {
  const { compile, statements } = await inserts();
  for (const from of [0, 100]) {
    const given = statements.of(rows(6, from)).map(({ sql, parameters }) => ({ sql, parameters }));
    const built = [rows(4, from), rows(2, from + 4)].map(compile);
    expect(given).toEqual(built.map(({ sql, parameters }) => ({ sql, parameters })));
  }
});

it('builds a statement once for each number of rows', async () => {
  const { compiled, statements } = await inserts();
  for (let turn = 0; turn < 3; turn += 1) statements.of(rows(6));
  expect(compiled).toEqual([4, 2]);
});

it('takes values by their column, whatever the order of fields', async () => {
  const { statements } = await inserts();
  statements.of([row(1)]);
  const { at, event, sequence, attempt, task_id } = row(2);
  const [given] = statements.of([{ at, event, sequence, attempt, task_id }]);
  expect(given?.parameters).toEqual([task_id, attempt, sequence, event, at]);
});

it('has nothing to insert for no rows', async () => {
  const { statements } = await inserts();
  expect(statements.of([])).toEqual([]);
});
