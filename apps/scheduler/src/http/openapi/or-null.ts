import type { JsonSchema } from './json-schema.ts';

/** The same schema, with null in the place of every field that may be left out, at any depth. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf } = schema as {
    readonly properties?: Record<string, JsonSchema>;
    readonly items?: JsonSchema;
    readonly anyOf?: readonly JsonSchema[];
  };
  const required = new Set((schema['required'] as string[] | undefined) ?? []);
  const field = ([name, value]: [string, JsonSchema]) => {
    const inner = orNull(value);
    return [name, required.has(name) ? inner : { anyOf: [inner, { type: 'null' }] }];
  };
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(field)) }),
    ...(items && { items: orNull(items) }),
    ...(anyOf && { anyOf: anyOf.map(orNull) }),
  };
}
