import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PostgreSql } from '../../../../fixtures/services/postgres.ts';
import { openDatabase } from './postgres.ts';

/** Makes an empty database on a server, and says where it is; it goes with the server. */
export async function newPostgreSqlDatabase({ url }: PostgreSql): Promise<string> {
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const { db } = await openDatabase(url);
  await sql`create database ${sql.id(name)}`.execute(db);
  await db.destroy();
  return url.replace(/[^/]+$/, name);
}
