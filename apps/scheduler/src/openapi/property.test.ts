import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore, type ResultStore } from '@alts/sdk';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type TestedScheduler, testedScheduler } from '../http/app.fixture.ts';
import { serveApp } from '../serve.ts';
import { openApiDocument } from './document.ts';
import { type Asked, type Documented, type Known, requests } from './request-arbitrary.fixture.ts';
import type { Schema } from './schema-arbitrary.fixture.ts';

/** Asks of each operation; ALTS_PROPERTY_RUNS and ALTS_PROPERTY_SEED make it more, and the same again. */
const RUNS = Number(process.env['ALTS_PROPERTY_RUNS'] ?? 40);
const SEED = Number(process.env['ALTS_PROPERTY_SEED'] ?? 20_260_711);
const QUEUE = 'docker-x86_64-0';

const document = openApiDocument() as {
  paths: Record<string, Record<string, Documented>>;
  components: { schemas: Record<string, Schema> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const [name, schema] of Object.entries(document.components.schemas)) {
  ajv.addSchema(schema, `#/components/schemas/${name}`);
}

const hello = { package: { name: 'hello' }, system: 'debian:12' };
/** Bodies that are right, by path. */
const BODIES: Readonly<Record<string, object>> = {
  '/tasks': hello,
  '/tasks/batch': { packages: [{ name: 'hello' }], systems: [{ distribution: 'debian', version: '12' }] },
  '/tasks/schedule': { dist_name: 'debian', dist_version: '12', dist_arch: 'x86_64', package_name: 'hello' },
  '/cancel_tasks': { bs_task_ids: [1, 'two'] },
};

async function assertDocumented(response: Response, { responses }: Documented, what: string): Promise<void> {
  const documented = responses[response.status];
  expect(response.status, what).not.toBe(500);
  expect(documented, what).toBeDefined();
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const content = documented?.content[type] ?? documented?.content['*/*'];
  expect(content, `${what} as ${type}`).toBeDefined();
  if (!content?.schema) return void (await response.body?.cancel());
  const value: unknown = await response.json();
  const valid = ajv.validate(content.schema, value);
  expect(valid, `${what}: ${JSON.stringify(value)}: ${ajv.errorsText()}`).toBe(true);
}

/** One that signs links. */
async function aStore(): Promise<ResultStore> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-property-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const link: ResultStore['link'] = async ({ taskId, name }) => new URL(`https://store.example/${taskId}/${name}`);
  return Object.assign(directoryStore(directory), { link });
}

async function aTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', hello);
  return ((await response.json()) as { id: string }).id;
}

/** A dead letter, a task that is over with an artifact, and one that nobody runs. */
async function fill(scheduler: TestedScheduler): Promise<Known['parameters']> {
  const { queue, table, store, ask } = scheduler;
  const dead = await aTask(scheduler);
  const consumer = await queue.consume([QUEUE], async () => ({ reject: 'no' }), { concurrency: 1 });
  await expect.poll(async () => (await table.find(dead))?.state).toBe('finished');
  await consumer[Symbol.asyncDispose]();
  const [over, waiting] = [await aTask(scheduler), await aTask(scheduler)];
  const content = async function* () {
    yield Buffer.from('installing');
  };
  await store.put({ taskId: over, name: 'install_package.log' }, content());
  await table.started(over, 1, 'one');
  await table.finish(over, 1, { verdict: 'passed', summary: '{"skipped_tests":[]}' });
  const { next } = (await (await ask('GET', '/tasks?limit=1')).json()) as { next: string };
  return {
    id: [over, waiting],
    taskId: [dead],
    after: [next],
    package: ['hello'],
    system: ['debian', 'debian:12', 'debian:12/amd64'],
    runner: ['docker', 'any'],
    'Last-Event-ID': ['1-0'],
  };
}

it('no operation gives an answer that is not documented, and each gives all that are of success', async () => {
  const scheduler = await testedScheduler(undefined, {}, { store: await aStore() });
  scheduler.scheduler.start();
  await using server = await serveApp(scheduler.app, { port: 0, hostname: '127.0.0.1', graceMs: 0 });
  const known = await fill(scheduler);
  const [good, reader] = await Promise.all([scheduler.token(), scheduler.token(['tasks:read'])]);
  const tokens = fc.oneof(
    { weight: 9, arbitrary: fc.constant(good) },
    { weight: 1, arbitrary: fc.constantFrom(reader, 'bad', undefined) },
  );
  const ask = (method: string, { url, headers, ...rest }: Asked, token: string | undefined) =>
    fetch(server.url + url, {
      method,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...rest,
    });
  for (const { path, method, operation } of operations) {
    const name = path.includes('/artifacts/') ? 'install_package.log' : QUEUE;
    const there = { parameters: { ...known, name: [name] }, body: BODIES[path] };
    const seen = new Set<string>();
    const property = fc.asyncProperty(requests(path, operation, there), tokens, async (asked, token) => {
      const response = await ask(method, asked, token);
      seen.add(String(response.status));
      await assertDocumented(response, operation, `${method} ${JSON.stringify(asked)} was answered ${response.status}`);
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    const successes = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
    expect([...seen], `${method} ${path}`).toEqual(expect.arrayContaining(successes));
  }
});
