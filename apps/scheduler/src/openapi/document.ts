import { z } from 'zod';
import * as answers from './answers.ts';
import { type Answer, OPERATIONS, type Operation } from './operations.ts';

type Json = Record<string, unknown>;

/** Answers that any request may have, beside its own. */
const ERRORS: Readonly<Record<number, string>> = {
  400: 'the request is wrong; `detail` names the field, the value and what would be right',
  413: 'it is more than may be asked at once',
  500: 'an error that nobody foresaw',
  503: 'something that is needed for it is not there; try again',
  507: 'no space is left',
};
const OF_TOKENS = { 401: 'send a good token', 403: 'the token may not do this' };
const OF_POSTS = {
  409: 'there is another task with that id',
  422: 'the Idempotency-Key came with another request before',
};
/** The Python system says of what does not fit its model that it cannot be processed. */
const OF_MODELS = { 422: 'the body does not fit, or the Idempotency-Key came with another request before' };

const TAGS: Readonly<Record<Operation['tag'], string>> = {
  tasks: 'Tests that were asked for: what becomes of them, and what came of them.',
  queues: 'Where tasks wait, who takes them, and what nobody could do.',
  service: 'For those who run it.',
  'Python system': 'What clients of the Python system know, with the answers that they know.',
};

/** OpenAPI 3.1 of all that the scheduler answers, made from the schemas that check requests. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ALTS',
      version: '1.0.0',
      description: 'Tests rpm and deb packages on real, clean systems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Where the document itself is: also behind a proxy with a path.
    servers: [{ url: '.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: schemaOf(answers.Problem, 'output') },
    },
  };
}

function describe(operation: Operation): Json {
  const { method, path, summary, tag, scope, body, query, headers = {} } = operation;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ in: 'path', name, required: true, schema: TEXT })),
    ...queryParameters(query),
    ...Object.entries(headers).map(([name, description]) => ({ in: 'header', name, description, schema: TEXT })),
    ...(method === 'post' ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    summary,
    operationId: operationId(operation),
    tags: [tag],
    ...(scope && { security: [{ token: [] }], description: `Needs the scope ${scope}.` }),
    ...(!scope && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: responsesOf(operation),
  };
}

const TEXT = { type: 'string' };
const IDEMPOTENCY_KEY = {
  in: 'header',
  name: 'Idempotency-Key',
  description: 'A request that comes again with its key, within a week, does nothing and is answered the same.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

/** `GET /tasks/{id}/events` is `getTasksIdEvents`. */
function operationId({ method, path }: Operation): string {
  const words = path.match(/[a-zA-Z]+/g) ?? [];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return [];
  const { properties = {} } = schemaOf(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ in: 'query', name, required: false, schema }));
}

function responsesOf(operation: Operation): Json {
  const { scope, legacy = false, method, answers: own } = operation;
  const problem = legacy ? errorOfLegacy : () => PROBLEM;
  const errors = scope
    ? { ...ERRORS, ...OF_TOKENS, ...(method === 'post' && (legacy ? OF_MODELS : OF_POSTS)) }
    : { 500: ERRORS[500], 503: ERRORS[503] };
  const all: Record<string, Json> = {};
  for (const [status, description] of Object.entries(errors)) {
    all[status] = { description, content: problem(Number(status)) };
  }
  if (operation.path.includes('{')) all[404] = { description: 'there is no such thing', content: PROBLEM };
  for (const [status, answer] of Object.entries(own)) {
    const isProblem = answer.schema === answers.Problem;
    all[status] = isProblem ? { description: answer.description, content: PROBLEM } : responseOf(answer);
  }
  return all;
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Of tokens in the words of FastAPI, of all else in those of the Python system; what does not fit may be either. */
function errorOfLegacy(status: number): Json {
  const refusal = schemaOf(answers.LegacyRefusal, 'output');
  const detail = schemaOf(answers.LegacyDetail, 'output');
  const schema = status === 401 || status === 403 ? detail : status === 422 ? { anyOf: [refusal, detail] } : refusal;
  return { 'application/json': { schema } };
}

function responseOf({ description, schema, type = 'application/json', headers = [] }: Answer): Json {
  return {
    description,
    ...(headers.length > 0 && { headers: Object.fromEntries(headers.map((name) => [name, { schema: TEXT }])) }),
    content: { [type]: schema ? { schema: schemaOf(schema, 'output') } : {} },
  };
}

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. What a schema only checks in code is left to the code. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return withSystemNames(plain as Json);
}

/** A system may be written in a word, which a schema of its parts does not say. */
function withSystemNames(schema: Json): Json {
  const properties = schema['properties'] as Record<string, Json> | undefined;
  const system = properties?.['system'];
  if (!system || !('properties' in system) || !('package' in (properties ?? {}))) return schema;
  const word = { type: 'string', examples: ['debian:12', 'almalinux:9/x86_64'] };
  return { ...schema, properties: { ...properties, system: { anyOf: [word, system] } } };
}
