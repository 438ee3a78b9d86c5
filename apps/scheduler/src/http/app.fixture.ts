import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broadcast, directoryStore, memoryBroadcast, memoryQueue, type Queue, type ResultStore } from '@alts/sdk';
import type { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { makeToken } from '../auth/make-token.ts';
import type { Scope } from '../auth/scopes.ts';
import { TokenOptions } from '../auth/token-options.ts';
import { tokenVerifier } from '../auth/verify-token.ts';
import { createScheduler, type Scheduler } from '../create-scheduler.ts';
import type { Log, SchedulerParts } from '../parts.ts';
import type { AnswerTable } from '../table/answer-table.ts';
import type { CallbackTable } from '../table/callback-table.ts';
import { newDatabase } from '../table/database.fixture.ts';
import type { EventTable } from '../table/event-table.ts';
import { openTables } from '../table/open-tables.ts';
import type { TaskTable } from '../table/task-table.ts';
import type { CallbackOptions } from '../tasks/callback-target.ts';
import type { WatchdogOptions } from '../tasks/watchdog.ts';

const secret = 'the secret of the tests of the scheduler';

export interface TestedScheduler {
  readonly app: Hono;
  readonly scheduler: Scheduler;
  readonly table: TaskTable;
  readonly events: EventTable;
  readonly answers: AnswerTable;
  readonly queue: Queue;
  readonly broadcast: Broadcast;
  readonly store: ResultStore;
  readonly callbacks: CallbackTable;
  readonly log: Log;
  /** Where the task table is. */
  readonly database: string;
  /** Asks with a token that may do everything, unless other headers are given. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Default: one that may do everything. */
  token(scopes?: readonly Scope[]): Promise<string>;
}

/**
 * A scheduler with a database of its own, and a queue in memory; nothing of it runs before `start`.
 * @param own parts in the place of those
 */
export async function testedScheduler(
  callbackOptions?: CallbackOptions,
  watchdog: WatchdogOptions = {},
  own: Partial<SchedulerParts> = {},
): Promise<TestedScheduler> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-scheduler-'));
  const database = await newDatabase();
  const tables = await openTables(database);
  const parts = {
    ...tables,
    callbackOptions,
    queue: memoryQueue(),
    broadcast: memoryBroadcast(),
    store: directoryStore(join(directory, 'results')),
    verify: await tokenVerifier(TokenOptions.parse({ secret })),
    offer: { runners: ['docker', 'opennebula'], architecture: 'x86_64' },
    log: { info() {}, warn() {}, error() {} },
    ...own,
  } as const;
  const scheduler = createScheduler(parts, { watchdog: { everyMs: 50, silentMs: 0, ...watchdog } });
  onTestFinished(async () => {
    await scheduler[Symbol.asyncDispose]();
    await tables[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  const token = (scopes: readonly Scope[] = ['admin']) =>
    makeToken({ secret, algorithm: 'HS256' }, { email: 'joe@example.org', scopes });
  const all = await token();
  const { app } = scheduler;
  const ask: TestedScheduler['ask'] = async (method, path, body, headers = { authorization: `Bearer ${all}` }) =>
    app.request(path, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { ...parts, app, scheduler, database, ask, token };
}
