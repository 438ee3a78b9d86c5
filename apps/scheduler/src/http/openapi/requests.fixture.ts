import fc from 'fast-check';
import { arbitraryOf, mangled, oddText, oddValue } from './arbitrary.fixture.ts';
import type { OpenApiDocument } from './document.ts';
import type { JsonSchema } from './json-schema.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** A documented operation, as far as a client needs it. */
export interface Described {
  readonly parameters?: readonly Parameter[];
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

export interface DescribedAnswer {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: JsonSchema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema; readonly 'x-event-data'?: JsonSchema }>>;
}

/** What a client sends. */
export interface Asked {
  readonly token: 'admin' | 'reader' | 'none' | 'bad';
  /** Already encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As bytes on the wire; left out: no body. */
  readonly body?: string | undefined;
}

const MIB = 1024 * 1024;
const deep = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`;
/** Bodies that are no JSON, or more of it than anybody wants. */
const ODD_BODIES = [
  '',
  '{',
  '"',
  'null',
  '1e999',
  '{"a":1,"a":2}',
  '\ufeff{}',
  '{"\\ud800":1}',
  'a=b&c=d',
  '<xml/>',
  deep('[', ']'),
  deep('{"package":', '}'),
  `{"package":${deep('[', ']')},"system":"debian:12","dist_name":${deep('[', ']')}}`,
  `"${'x'.repeat(MIB)}"`,
];

/** A byte that no header may have makes no request at all. */
const headerText = fc.oneof(
  fc.constantFrom('', ' ', '\t', 'é', 'ÿ', '"', ',', '0-0', '1-1', '999999999-9999999999999999', 'x'.repeat(5000)),
  fc.string({ maxLength: 20 }),
);

const sometimes = <T>(arbitrary: fc.Arbitrary<T>, weight = 1) => ({ arbitrary, weight });

function pathOf(template: string, ids: readonly string[], parameters: readonly Parameter[], schemas: Schemas) {
  const raw = fc.oneof(
    oddText.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 2000))),
    fc.constantFrom('%', '%zz', '%00', '%ff', '%c0%af', '..%2f..%2fx', '%2e%2e', 'a%20b', ';', '+', '*'),
  );
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const good = names.map((name) => {
    if (name === 'id') return fc.constantFrom(...ids);
    if (name === 'name') return fc.constantFrom('report.json', 'install_package.log');
    const { schema = {} } = parameters.find((one) => one.name === name) ?? {};
    return arbitraryOf(schema, schemas).map(String);
  });
  const values = good.map((one) => fc.oneof(sometimes(one, 4), sometimes(raw)));
  return fc
    .tuple(...values)
    .map((all) => names.reduce((path, name, at) => path.replace(`{${name}}`, all[at] ?? ''), template));
}

type Schemas = Readonly<Record<string, JsonSchema>>;

function queryOf(parameters: readonly Parameter[], schemas: Schemas): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query');
  const pair = fc.oneof(
    ...known.map(({ name, schema }) => {
      const value = fc.oneof(sometimes(arbitraryOf(schema, schemas), 3), sometimes(oddText));
      return value.map((text) => `${name}=${encodeURIComponent(String(text).toWellFormed())}`);
    }),
    fc.constantFrom('=', '&', 'a', '%', '%zz=%zz', 'limit', 'limit=1&limit=2', '__proto__=1', 'state[]=queued'),
  );
  const mostlyNone =
    known.length === 0 ? sometimes(fc.constant([]), 5) : sometimes(fc.array(pair, { maxLength: 2 }), 5);
  const all = fc.oneof(mostlyNone, sometimes(fc.array(pair, { maxLength: 3 })));
  return all.map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`));
}

function bodyOf({ requestBody }: Described, schemas: Schemas): fc.Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return fc.oneof(sometimes(fc.constant(undefined), 4), sometimes(fc.constantFrom(...ODD_BODIES)));
  const good = arbitraryOf(schema, schemas);
  const print = (value: unknown) => JSON.stringify(value);
  return fc.oneof(
    sometimes(good.map(print), 4),
    sometimes(good.chain(mangled).map(print), 4),
    sometimes(oddValue.map(print)),
    sometimes(fc.constantFrom(...ODD_BODIES)),
    sometimes(fc.constant(undefined)),
  );
}

/** Requests to an operation: right ones, and such as are wrong in any way. `ids` are those of tasks that are there. */
export function requestsTo(
  template: string,
  operation: Described,
  { components: { schemas } }: OpenApiDocument,
  ids: readonly string[],
): fc.Arbitrary<Asked> {
  const { parameters = [] } = operation;
  const documented = parameters.filter((one) => one.in === 'header');
  const headers = Object.fromEntries(
    documented.map(({ name, schema }) => [
      name,
      fc.oneof(sometimes(arbitraryOf(schema, schemas).map(String), 2), sometimes(headerText)),
    ]),
  );
  const others = {
    'content-type': fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', 'x', 'application/xml'),
    accept: fc.constantFrom('*/*', 'text/html', 'application/xml', ''),
    'content-length': fc.constantFrom('-1', '0', 'x', '99999999999'),
    'accept-encoding': fc.constantFrom('gzip', 'x'),
    range: fc.constantFrom('bytes=0-1', 'x'),
  };
  const full = fc.constant('admin' as const);
  return fc.record({
    token: fc.oneof(sometimes(full, 9), sometimes(fc.constantFrom('reader' as const, 'none' as const, 'bad' as const))),
    path: fc
      .tuple(pathOf(template, ids, parameters, schemas), queryOf(parameters, schemas))
      .map((both) => both.join('')),
    headers: fc.oneof(
      sometimes(fc.constant({}), 3),
      sometimes(
        fc.record({ ...headers, ...others }, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<
          Record<string, string>
        >,
      ),
      ...(documented.length > 0
        ? [sometimes(fc.record(headers, { noNullPrototype: true }) as fc.Arbitrary<Record<string, string>>)]
        : []),
    ),
    body: bodyOf(operation, schemas),
  });
}
