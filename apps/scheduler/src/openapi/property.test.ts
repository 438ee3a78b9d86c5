import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type TestedScheduler, testedScheduler } from '../http/app.fixture.ts';
import { openApiDocument } from './document.ts';
import { arbitraryOf, type Schema } from './schema-arbitrary.fixture.ts';

/** Asks of each operation; ALTS_PROPERTY_RUNS and ALTS_PROPERTY_SEED make it more, and the same again. */
const RUNS = Number(process.env['ALTS_PROPERTY_RUNS'] ?? 40);
const SEED = Number(process.env['ALTS_PROPERTY_SEED'] ?? 20_260_711);

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}
interface Documented {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema?: Schema }>> }>>;
}
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

/** What people and machines get wrong, beside what a schema would let them. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', '..', '%00', '\u0000', 'null', '-1', 'x'.repeat(300), '{"a":', 'debian:12', '\u{1f4a9}'),
);

interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Requests as the document allows them, or nearly. */
function requests(path: string, { parameters = [], requestBody }: Documented, known: string): fc.Arbitrary<Asked> {
  const values = (place: Parameter['in']) =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, fc.oneof(arbitraryOf(schema), odd).map(String)]),
      ),
      place === 'path' ? {} : { requiredKeys: [] },
    );
  const inPath = fc.oneof(fc.constant(undefined), values('path'));
  const schema = requestBody?.content['application/json'].schema;
  const body = schema
    ? fc.oneof(
        { weight: 4, arbitrary: arbitraryOf(schema).map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: odd },
      )
    : fc.constant(undefined);
  return fc.record({ inPath, query: values('query'), header: values('header'), body }).map((made) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(wellFormed(made.inPath?.[name] ?? known)),
    );
    const query = new URLSearchParams(made.query as Record<string, string>).toString();
    const headers = Object.fromEntries(
      Object.entries(made.header).map(([name, value]) => [
        name,
        String(value)
          .replace(/[^\x20-\x7e]/g, '?')
          .trim(),
      ]),
    );
    const url = `${filled}${query === '' ? '' : `?${query}`}`;
    return { url, headers, ...(made.body !== undefined && { body: made.body }) };
  });
}

const wellFormed = (text: string): string => (text === '.' || text === '..' ? 'dots' : text.toWellFormed());

async function assertDocumented(response: Response, { responses }: Documented, asked: Asked): Promise<void> {
  const documented = responses[response.status];
  const what = `${JSON.stringify(asked)} was answered ${response.status}`;
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

async function aTask({ ask }: TestedScheduler): Promise<string> {
  const response = await ask('POST', '/tasks', { package: { name: 'hello' }, system: 'debian:12' });
  return ((await response.json()) as { id: string }).id;
}

it.each(operations)('$method $path gives no answer that is not documented', async ({ path, method, operation }) => {
  const scheduler = await testedScheduler();
  const known = await aTask(scheduler);
  await scheduler.table.finish(known, 1, { verdict: 'passed' });
  const [good, reader] = await Promise.all([scheduler.token(), scheduler.token(['tasks:read'])]);
  const tokens = fc.constantFrom(good, good, good, good, reader, 'bad', undefined);
  const property = fc.asyncProperty(requests(path, operation, known), tokens, async (asked, token) => {
    const headers = { ...asked.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const response = await scheduler.ask(method, asked.url, asked.body, headers);
    await assertDocumented(response, operation, asked);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
});
