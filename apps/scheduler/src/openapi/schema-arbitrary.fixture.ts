import fc from 'fast-check';

/** As much of JSON Schema as the document has. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const TEXTS = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }));

/** Values that fit a schema; where it has a pattern, nearly always. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type, anyOf, oneOf, enum: values, properties, items } = schema;
  const options = anyOf ?? oneOf;
  if (options) return fc.oneof(...options.map(arbitraryOf));
  if ('const' in schema) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  if (schema.examples) return fc.constantFrom(...schema.examples);
  if (properties) return objectOf(schema);
  if (type === 'array') return fc.array(items ? arbitraryOf(items) : fc.jsonValue(), { maxLength: 3 });
  if (type === 'string') return textOf(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return numberOf(schema);
  if (type === 'null') return fc.constant(null);
  if (type === 'object') return fc.dictionary(TEXTS, fc.jsonValue(), { maxKeys: 3 });
  return fc.jsonValue();
}

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, own]) => [name, arbitraryOf(own)]));
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) });
}

function textOf({ pattern, format }: Schema): fc.Arbitrary<unknown> {
  if (format === 'date-time') {
    return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (pattern === undefined) return TEXTS;
  try {
    return fc.oneof(
      { weight: 9, arbitrary: fc.stringMatching(new RegExp(pattern, 'u')) },
      { weight: 1, arbitrary: TEXTS },
    );
  } catch {
    // Lookaheads are beyond what it can turn round.
    return TEXTS;
  }
}

function numberOf({ minimum = -10, maximum = 1000 }: Schema): fc.Arbitrary<unknown> {
  const [min, max] = [Math.max(minimum, -1e6), Math.min(maximum, 1e6)];
  return fc.oneof({ weight: 9, arbitrary: fc.integer({ min, max }) }, { weight: 1, arbitrary: fc.double() });
}
