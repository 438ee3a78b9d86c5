import { afterAll, beforeAll } from 'vitest';
import { type PostgreSql, startPostgreSql } from '../../../fixtures/services/postgres.ts';
import { testOn } from './table/database.fixture.ts';
import { newPostgreSqlDatabase } from './table/postgresql-database.fixture.ts';

/** What is tested with SQLite is tested with PostgreSQL, too: all that stands on the tables, up to the answers over HTTP. */

let server: PostgreSql;
beforeAll(async () => {
  server = await startPostgreSql();
});
afterAll(() => server[Symbol.asyncDispose]());
testOn(() => newPostgreSqlDatabase(server));

await import('./table/tables.test.ts');
await import('./tasks/relay.test.ts');
await import('./tasks/watchdog.test.ts');
await import('./tasks/callbacks.test.ts');
await import('./tasks/retention.test.ts');
await import('./http/event-routes.test.ts');
await import('./http/legacy-routes.test.ts');
await import('./http/odd-requests.test.ts');
await import('./http/queue-routes.test.ts');
await import('./http/service-routes.test.ts');
await import('./http/task-routes.test.ts');
await import('./http/tasks-again.test.ts');
