import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OpenDatabase } from './open-database.ts';
import { openDatabase } from './postgres.ts';

/** Makes an empty database for one test, and says where it is. */
export type MakeDatabase = () => Promise<string>;

let make: MakeDatabase = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-database-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'tasks.sqlite');
};

/** Lets the tests of this file, and of those that it imports, run on databases of another kind than SQLite. */
export function testOn(other: MakeDatabase): void {
  make = other;
}

/** Where an empty database is, for one test. */
export const newDatabase: MakeDatabase = () => make();

/** An empty database for one test, which closes it. */
export async function openNewDatabase(): Promise<OpenDatabase> {
  const database = await openDatabase(await newDatabase());
  onTestFinished(() => database.db.destroy());
  return database;
}
