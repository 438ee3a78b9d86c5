import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** What the document says of a schema besides what zod knows. */
export interface Naming {
  /** Its name among the components: unique among those of requests, and among those of answers. */
  readonly id: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  /** Makes of what zod says what may be written: of what is rewritten before it is checked zod knows only the result. */
  readonly written?: (json: JsonSchema) => JsonSchema;
}

type Direction = 'input' | 'output';

const names = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() };
const namings: Record<Direction, Map<string, Naming>> = { input: new Map(), output: new Map() };

function name<T extends z.ZodType>(direction: Direction, schema: T, naming: Naming): T {
  const taken = Object.values(namings).some((known) => known.has(naming.id));
  if (taken) throw new TypeError(`id: there is a schema ${JSON.stringify(naming.id)} already; give another name`);
  names[direction].add(schema, { id: naming.id });
  namings[direction].set(naming.id, naming);
  return schema;
}

/**
 * Names a schema where it is what a request has.
 * @throws {TypeError} for a name that is taken
 */
export function namedInput<T extends z.ZodType>(schema: T, naming: Naming): T {
  return name('input', schema, naming);
}

/**
 * Names a schema where it is what an answer has.
 * @throws {TypeError} for a name that is taken
 */
export function namedOutput<T extends z.ZodType>(schema: T, naming: Naming): T {
  return name('output', schema, naming);
}

/** Schemas of a document as JSON Schema, draft 2020-12; those that have names are collected, and referred to. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** @param direction of a request `input`, with what may be left out; of an answer `output` */
  of(schema: z.ZodType, direction: Direction): JsonSchema {
    const converted = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io: direction,
      metadata: names[direction],
      // What has no JSON Schema is checked all the same, and described in words.
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const description = z.globalRegistry.get(zodSchema as z.core.$ZodType)?.description;
        if (description !== undefined) jsonSchema.description = description;
      },
    });
    const {
      $schema: _,
      $defs = {},
      ...root
    } = referringToComponents(converted) as JsonSchema & {
      $defs?: Record<string, JsonSchema>;
    };
    for (const [id, json] of Object.entries($defs)) this.#add(id, json, direction);
    const own = names[direction].get(schema)?.id;
    if (own === undefined) return root;
    // zod puts a schema that is referred to from within itself among the others.
    if (!('$ref' in root)) this.#add(own, root, direction);
    return { $ref: `#/components/schemas/${own}` };
  }

  #add(id: string, { id: _, $id: __, ...json }: JsonSchema, direction: Direction): void {
    const { description, examples, written = (same: JsonSchema) => same } = namings[direction].get(id) ?? { id };
    this.schemas[id] = { ...written(json), ...(description && { description }), ...(examples && { examples }) };
  }
}

function referringToComponents(schema: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/');
  return JSON.parse(text);
}
