import { createRequire } from 'node:module';
import type { z } from 'zod';
import { Components, type JsonSchema } from './json-schema.ts';
import { type Answer, type Operation, type Operations, TAGS } from './operation.ts';

/** An OpenAPI document, 3.1. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: JsonSchema };
  readonly [field: string]: unknown;
}

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** Describes routes. Relative to its own address, so that it holds behind any prefix. */
export function documentOf(operations: Operations): OpenApiDocument {
  const components = new Components();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: described(operation, components) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'ALTS scheduler',
      version,
      description:
        'Tests of rpm and deb packages on real, clean systems. What is not here is answered 404; a method that is not ' +
        'here 405, with `Allow`; both as a `Problem`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '.', description: 'Where this document is.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Scopes `tasks:read`, `tasks:write`, and `admin`, which may do all; `alts token` makes one.',
        },
      },
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function described(operation: Operation, components: Components): JsonSchema {
  const { id, tag, summary, description, scope, body, answers } = operation;
  const parameters = (['path', 'query', 'header'] as const).flatMap((where) => {
    const fields = where === 'header' ? operation.headers : operation[where];
    return fields ? parametersOf(fields, where, components) : [];
  });
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: scope ? [{ token: [scope] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: components.of(body, 'input') } } },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components)]),
    ),
  };
}

function parametersOf(fields: z.ZodObject, where: string, components: Components): JsonSchema[] {
  const { properties, required = [] } = components.of(fields, 'input') as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function answerOf({ description, headers, content, events }: Answer, components: Components): JsonSchema {
  const headerOf = ([name, { description: what, schema, always }]: [string, NonNullable<typeof headers>[string]]) => [
    name,
    { description: what, ...(always && { required: true }), schema: components.of(schema, 'output') },
  ];
  const mediaOf = ([type, schema]: [string, z.ZodType]) => [
    type,
    {
      schema: components.of(schema, 'output'),
      // OpenAPI 3.1 has no word for it; `itemSchema` of 3.2 is not known to tools yet.
      ...(events && { 'x-event-data': components.of(events, 'output') }),
    },
  ];
  return {
    description,
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(headerOf)) }),
    ...(content && { content: Object.fromEntries(Object.entries(content).map(mediaOf)) }),
  };
}
