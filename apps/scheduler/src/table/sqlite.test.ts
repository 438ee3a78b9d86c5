import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CompiledQuery } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite } from './sqlite.ts';

const run = promisify(execFile);
const rowsOf = async ({ db }: Awaited<ReturnType<typeof openSqlite>>) =>
  (await db.executeQuery(CompiledQuery.raw('select n from numbers order by n'))).rows;
const insert = (n: number) => CompiledQuery.raw('insert into numbers values (?)', [n]);

async function opened() {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.db.destroy());
  await database.db.executeQuery(CompiledQuery.raw('create table numbers (n integer primary key)'));
  return database;
}

it('does all that goes together, or none of it', async () => {
  const database = await opened();
  await database.together([insert(1), insert(2)]);
  await expect(database.together([insert(3), insert(1)])).rejects.toThrow(/UNIQUE/);
  expect(await rowsOf(database)).toEqual([{ n: 1 }, { n: 2 }]);
});

it('keeps what goes together out of the transactions of others', async () => {
  const database = await opened();
  let beside: Promise<void> | undefined;
  const transaction = database.db.transaction().execute(async (inner) => {
    await inner.executeQuery(insert(1));
    beside = database.together([insert(2)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error('changed my mind');
  });
  await expect(transaction).rejects.toThrow('changed my mind');
  await beside;
  expect(await rowsOf(database)).toEqual([{ n: 2 }]);
});

it('leaves the thread of its caller alone while it works', async () => {
  const database = await opened();
  const count =
    'with recursive up(n) as (select 1 union all select n + 1 from up where n < 2000000) select max(n) from up';
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await database.db.executeQuery(CompiledQuery.raw(count));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

it('reads beside what is written: nobody waits for a long list, and it has what was committed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-sqlite-'));
  const { db, reads, together } = await openSqlite(join(directory, 'x.sqlite'));
  onTestFinished(async () => {
    await db.destroy();
    await rm(directory, { recursive: true });
  });
  await db.executeQuery(CompiledQuery.raw('create table numbers (n integer primary key)'));
  const slow =
    'with recursive up(n) as (select 1 union all select n + 1 from up where n < 3000000) select max(n) from up';
  const done: string[] = [];
  const reading = reads.executeQuery(CompiledQuery.raw(slow)).then(() => done.push('read'));
  await together([insert(1)]).then(() => done.push('written'));
  await reading;
  expect(done).toEqual(['written', 'read']);
  expect((await reads.executeQuery(CompiledQuery.raw('select n from numbers'))).rows).toEqual([{ n: 1 }]);
  await expect(reads.executeQuery(insert(2))).rejects.toThrow(/readonly/);
});

it('says so when it is asked after its end', async () => {
  const database = await opened();
  await database.db.destroy();
  await expect(database.together([insert(1)])).rejects.toThrow(/closed|destroyed/);
});

it('does not keep a process that has nothing else to do', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-sqlite-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const script = `import { openSqlite } from ${JSON.stringify(new URL('./sqlite.ts', import.meta.url).href)};
    const { db } = await openSqlite('x.sqlite'); console.log('over');`;
  const args = ['--conditions=@alts/source', '--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args, { cwd: directory, timeout: 10_000 });
  expect(stdout).toBe('over\n');
});
