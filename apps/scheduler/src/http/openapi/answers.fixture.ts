import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from './document.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Described } from './requests.fixture.ts';

/** An answer that was read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Of a stream no more than its first piece. */
  readonly text: string;
}

/** Holds answers against a document. */
export class Judge {
  readonly #ajv = addFormats.default(new Ajv2020.default({ strict: false, validateFormats: true }));
  readonly #checks = new Map<JsonSchema, (value: unknown) => boolean>();
  readonly #document: OpenApiDocument;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  allows(schema: JsonSchema, value: unknown): boolean {
    let check = this.#checks.get(schema);
    if (!check) {
      check = this.#ajv.compile({ ...schema, components: this.#document.components });
      this.#checks.set(schema, check);
    }
    return check(value);
  }

  /** Whether the document would have a request with this body; undefined where it says nothing of bodies. */
  allowsBody({ requestBody }: Described, body: string | undefined): boolean | undefined {
    const schema = requestBody?.content['application/json']?.schema;
    if (!schema) return undefined;
    try {
      return this.allows(schema, JSON.parse(body ?? ''));
    } catch {
      return false;
    }
  }

  /** What is not as documented, one sentence each. */
  *complaints({ responses }: Described, { status, headers, text }: Answered): Generator<string> {
    if (status >= 500) yield `${status} is an answer to nothing that a client sends: ${text.slice(0, 300)}`;
    const answer = responses[status];
    if (!answer) return yield `${status} is not documented: ${text.slice(0, 300)}`;
    for (const [name, { required = false, schema }] of Object.entries(answer.headers ?? {})) {
      const value = headers.get(name);
      if (value === null ? required : !this.allows(schema, value)) yield `${status} has ${name}: ${value}`;
    }
    const type = headers.get('content-type') ?? '';
    const media = Object.entries(answer.content ?? {}).find(([known]) => sameMedia(known, type))?.[1];
    if (!media) return yield `${status} has a body of ${type || 'no type'}, which is not documented`;
    const { 'x-event-data': eventData } = media;
    for (const [, data = ''] of eventData ? text.matchAll(/^data: (.*)$/gm) : []) {
      if (eventData && !this.allows(eventData, JSON.parse(data)))
        yield `${status} has an event of ${data.slice(0, 500)}`;
    }
    const body = /json$/.test(type) ? (JSON.parse(text) as unknown) : text;
    if (!this.allows(media.schema, body))
      yield `${status} has a body that its schema does not allow: ${text.slice(0, 500)}`;
  }
}

const sameMedia = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
