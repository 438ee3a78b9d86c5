import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestedScheduler, testedScheduler } from '../app.fixture.ts';
import { type Answered, Judge } from './answers.fixture.ts';
import { ODD_TEXTS } from './arbitrary.fixture.ts';
import { documentOf, type OpenApiDocument } from './document.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { type Asked, type Described, requestsTo } from './requests.fixture.ts';
import { tasksOfEveryState } from './tasks.fixture.ts';

/** Longer runs: `ALTS_FUZZ_RUNS=5000 ALTS_FUZZ_SEED=$RANDOM npx vitest run --project unit any-client`. */
const seed = Number(process.env['ALTS_FUZZ_SEED'] ?? 20_260_101);
const numRuns = Number(process.env['ALTS_FUZZ_RUNS'] ?? 60);
const timeout = 10_000 + numRuns * 200;

const document = documentOf(OPERATIONS);

async function ask({ app }: TestedScheduler, method: string, asked: Asked, tokens: Tokens): Promise<Answered> {
  const request = requestOf(method, asked, tokens);
  if (!request) return fc.pre(false) as never;
  const response = await app.fetch(request);
  const { status, headers } = response;
  const streams = headers.get('content-type') === 'text/event-stream';
  return { status, headers, text: streams ? await firstPiece(response) : await response.text() };
}

type Tokens = Readonly<Record<Asked['token'], string | undefined>>;

/** Undefined: no client can send that. */
function requestOf(method: string, { token, path, headers, body }: Asked, tokens: Tokens): Request | undefined {
  const authorization = tokens[token];
  try {
    return new Request(new URL(path, 'http://scheduler.example'), {
      method,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...(method !== 'GET' && body !== undefined && { body: Buffer.from(body) }),
    });
  } catch {
    return undefined;
  }
}

/** Streams of tasks that are not over do not end. */
async function firstPiece({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return Buffer.from(value ?? []).toString();
}

async function tokensOf({ token }: TestedScheduler): Promise<Tokens> {
  const [admin, reader] = [`Bearer ${await token()}`, `Bearer ${await token(['tasks:read'])}`];
  return { admin, reader, none: undefined, bad: 'Bearer abc' };
}

/** Holds every answer to a client against a document. @returns statuses that were seen */
async function drive(scheduler: TestedScheduler, route: string, document: OpenApiDocument): Promise<Set<number>> {
  const tokens = await tokensOf(scheduler);
  const ids = await tasksOfEveryState(scheduler);
  const judge = new Judge(document);
  const [method = '', path = ''] = route.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()] as unknown as Described;
  const thisPath = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
  const seen = new Set<number>();
  const property = fc.asyncProperty(requestsTo(path, operation, document, ids), async (asked) => {
    const answered = await ask(scheduler, method, asked, tokens);
    // Dots in the path may have led to another operation.
    if (!thisPath.test(new URL(asked.path, 'http://a.example').pathname)) return;
    seen.add(answered.status);
    expect([...judge.complaints(operation, answered)]).toEqual([]);
    if (asked.headers['idempotency-key'] !== undefined && asked.headers['content-length'] === undefined) {
      const again = await ask(scheduler, method, asked, tokens);
      expect([...judge.complaints(operation, again)]).toEqual([]);
      expect([again.status, again.text]).toEqual([answered.status, answered.text]);
    }
    const accepted = answered.status < 400;
    if (judge.allowsBody(operation, asked.body) === false) expect(accepted, 'is accepted').toBe(false);
    if (operation.security.length > 0 && (asked.token === 'none' || asked.token === 'bad')) {
      expect([401, 403]).toContain(answered.status);
    }
  });
  await fc.assert(property, { seed, numRuns });
  return seen;
}

describe(`any client (seed ${seed}, ${numRuns} requests to each operation)`, () => {
  it.each(Object.entries(OPERATIONS))('is answered as documented: %s', { timeout }, async (route, { answers }) => {
    const seen = await drive(await testedScheduler(), route, document);
    // Else nothing is proven of those that are accepted.
    expect(Object.keys(answers).filter((status) => status < '300' && !seen.has(Number(status)))).toEqual([]);
  });

  it.each([
    ['a status', { 404: undefined }, '404 is not documented'],
    [
      'a media type',
      { 404: { description: '', content: { 'application/json': z.unknown() } } },
      'which is not documented',
    ],
    [
      'a field',
      { 200: { description: '', content: { 'application/json': z.object({ id: z.string() }) } } },
      'does not allow',
    ],
  ])('would notice %s that the document does not have', { timeout }, async (_, wrong, complaint) => {
    const route = 'GET /tasks/{id}';
    const operation = OPERATIONS[route];
    const answers = Object.fromEntries(
      Object.entries({ ...operation?.answers, ...wrong }).filter(([, answer]) => answer),
    );
    const wrongDocument = documentOf({ [route]: { ...operation, answers } as Operation });
    await expect(drive(await testedScheduler(), route, wrongDocument)).rejects.toMatchObject({
      cause: { message: expect.anything(), actual: [expect.stringContaining(complaint)] },
    });
  });

  it('is told by a problem that there is no such route, or no such method', { timeout }, async () => {
    const scheduler = await testedScheduler();
    const tokens = await tokensOf(scheduler);
    const paths = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, 'x'));
    const odd = ODD_TEXTS.map((text) => `/${encodeURIComponent(text.toWellFormed().slice(0, 500))}`);
    const asked = fc.record({
      method: fc.constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'get', 'X'),
      path: fc.oneof(fc.constantFrom(...paths), fc.constantFrom(...odd), fc.webPath()),
      token: fc.constantFrom('admin' as const, 'none' as const),
    });
    const answers = fc.asyncProperty(asked, async ({ method, path, token }) => {
      fc.pre(method !== 'get' || !paths.includes(path));
      const { status, headers, text } = await ask(scheduler, method, { token, path, headers: {} }, tokens);
      const known = paths.includes(path);
      expect([status, headers.get('content-type')]).toEqual([known ? 405 : 404, 'application/problem+json']);
      expect(JSON.parse(text)).toMatchObject({ status, code: known ? 'method_not_allowed' : 'not_found' });
      if (known) expect(headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    });
    await fc.assert(answers, { seed, numRuns });
  });
});
