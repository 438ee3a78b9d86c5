import fc from 'fast-check';
import type { JsonSchema } from './json-schema.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Texts that programs stumble over. */
export const ODD_TEXTS = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  '\u202e',
  '\ufeff',
  'é',
  '😀',
  ' ',
  '\n',
  '\r\n',
  '..',
  '../..',
  '/',
  '\\',
  '%',
  '%00',
  '%zz',
  '-1',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  "' or 1=1 --",
  '{{7*7}}',
  '$(id)',
  '🏳️‍🌈',
  'x'.repeat(10_000),
  'https://a/%zz.deb',
  'https://user:password@a/x.deb',
  'deb http://[ ./',
  'http://[',
  '1e309',
];
const ODD_VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  [],
  {},
  [[]],
  { '': '' },
  JSON.parse('{"__proto__":{"a":1}}'),
];

export const oddText = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 20 }));
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...ODD_VALUES),
  oddText,
  fc.jsonValue({ maxDepth: 2 }),
);

/** Values that a schema allows, as far as it says what it allows; examples among them, so that some are accepted. */
export function arbitraryOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): fc.Arbitrary<unknown> {
  const of = (one: Schema): fc.Arbitrary<unknown> => {
    if (one.$ref !== undefined) return of(schemas[one.$ref.split('/').at(-1) ?? ''] as Schema);
    const { examples = [], ...rest } = one;
    if (examples.length > 0) return fc.oneof({ arbitrary: fc.constantFrom(...examples), weight: 2 }, of(rest));
    const variants = one.anyOf ?? one.oneOf;
    if (variants) return fc.oneof(...variants.map(of));
    if ('const' in one) return fc.constant(one.const);
    if (one.enum) return fc.constantFrom(...one.enum);
    if (one.type === 'object') return objectOf(one, of);
    if (one.type === 'array') {
      const { items = {}, minItems: minLength = 0, maxItems = 3 } = one;
      return fc.array(of(items), { minLength, maxLength: Math.max(minLength, Math.min(3, maxItems)) });
    }
    return scalarOf(one);
  };
  return of(schema as Schema);
}

function objectOf(schema: Schema, of: (one: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties: more, propertyNames } = schema;
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, of(field)]));
  const known = fc.record(fields, { requiredKeys: required.filter((name) => name in fields), noNullPrototype: true });
  if (typeof more !== 'object') return known;
  const names = propertyNames ? (of(propertyNames) as fc.Arbitrary<string>) : fc.string({ maxLength: 8 });
  const others = fc.dictionary(names, of(more), { maxKeys: 2, noNullPrototype: true });
  return fc.tuple(others, known).map(([a, b]) => ({ ...a, ...(b as object) }));
}

function scalarOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type, minimum = -1e6, maximum = 1e6 } = schema;
  if (type === 'string') return textOf(schema);
  if (type === 'integer') return fc.integer({ min: Math.max(minimum, -1e9), max: Math.min(maximum, 1e9) });
  if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return fc.jsonValue({ maxDepth: 2 });
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (format === 'date')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString().slice(0, 10));
  if (pattern !== undefined) {
    try {
      const matching = new RegExp(pattern, 'u');
      return fc.stringMatching(matching, { maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
    } catch {
      // Looks ahead or behind: of that fast-check makes nothing.
    }
  }
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}

/** A copy with one thing changed anywhere in it: gone, replaced, or added. */
export function mangled(value: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.nat(), fc.constantFrom('drop', 'replace', 'add'), oddText, oddValue)
    .map(([at, how, name, odd]) => {
      const copy: unknown = structuredClone(value);
      const places = placesIn(copy);
      const place = places[at % places.length];
      if (!place) return odd;
      const [holder, key] = place;
      if (how === 'drop') delete holder[key];
      else if (how === 'replace') holder[key] = odd;
      else holder[Array.isArray(holder) ? holder.length : name] = odd;
      return copy;
    });
}

type Holder = Record<string | number, unknown>;

function placesIn(value: unknown): [Holder, string | number][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [[holder, key] as [Holder, string], ...placesIn(holder[key])]);
}
