import fc from 'fast-check';
import { arbitraryOf, type Schema } from './schema-arbitrary.fixture.ts';

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}
export interface Documented {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema?: Schema }>> }>>;
}

/** What a client knows that asks for what is there: values of parameters by their names, and a body that is right. */
export interface Known {
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly body?: object | undefined;
}

export interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** What people and machines get wrong, beside what a schema would let them. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', '..', '%00', '\u0000', 'null', '-1', 'x'.repeat(300), '{"a":', 'debian:12', '\u{1f4a9}'),
);

/** Requests as the document allows them, most of them for what is there; one value in ten is odd. */
export function requests(
  path: string,
  { parameters = [], requestBody }: Documented,
  known: Known,
): fc.Arbitrary<Asked> {
  const values = (place: Parameter['in']) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    const all = Object.fromEntries(own.map((each) => [each.name, parameterOf(each, known)]));
    return fc.record<Record<string, string>>(all, place === 'path' ? {} : { requiredKeys: [] });
  };
  const schema = requestBody?.content['application/json'].schema;
  const body = schema ? bodyOf(schema, known.body) : fc.constant(undefined);
  return fc.record({ inPath: values('path'), query: values('query'), header: values('header'), body }).map((made) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath(made.inPath[name] ?? '')));
    const query = new URLSearchParams(made.query).toString();
    const headers = Object.fromEntries(Object.entries(made.header).map(([name, value]) => [name, inHeader(value)]));
    const url = `${filled}${query === '' ? '' : `?${query}`}`;
    return { url, headers, ...(made.body !== undefined && { body: made.body }) };
  });
}

function parameterOf({ name, schema }: Parameter, { parameters }: Known): fc.Arbitrary<string> {
  const byName = parameters[name];
  return fc.oneof(
    { weight: byName ? 7 : 0, arbitrary: fc.constantFrom(...(byName ?? [''])) },
    { weight: byName ? 2 : 9, arbitrary: arbitraryOf(schema).map(String) },
    { weight: 1, arbitrary: odd },
  );
}

/** A right one with up to two other fields of the schema in it, which may be wrong together; at times any other. */
function bodyOf(schema: Schema, right: object = {}): fc.Arbitrary<string> {
  const fields = Object.keys(schema.properties ?? {});
  const names = fc.subarray(fields, { maxLength: Math.min(2, fields.length) });
  const nearlyRight = fc.tuple(arbitraryOf(schema), names).map(([made, some]) => {
    const others = Object.entries(made as object).filter(([name]) => some.includes(name));
    return { ...right, ...Object.fromEntries(others) };
  });
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constant(right) },
    { weight: 4, arbitrary: nearlyRight },
    { weight: 1, arbitrary: arbitraryOf(schema) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
  return fc.oneof({ weight: 9, arbitrary: value.map((each) => JSON.stringify(each)) }, { weight: 1, arbitrary: odd });
}

/** A URL takes dots and nothing for steps and for another path. */
const inPath = (text: string): string => (/^\.{0,2}$/.test(text) ? 'dots' : text.toWellFormed());
const inHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').trim();
