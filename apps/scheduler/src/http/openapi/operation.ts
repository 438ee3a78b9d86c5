import type { z } from 'zod';
import type { Scope } from '../../auth/scopes.ts';

export const TAGS = {
  tasks: 'Tests: to ask for them, to follow them, to stop them.',
  'python system': 'What clients of the Python system know, with the answers that they know.',
  service: 'For those who run the scheduler. Nothing here needs a token.',
} as const;

/** A header of an answer. */
export interface AnswerHeader {
  readonly description: string;
  readonly schema: z.ZodType;
  /** Left out: it may be missing. */
  readonly always?: true;
}

/** One answer, by its status. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, AnswerHeader>>;
  /** What the body is, by media type. Left out: there is none. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** What the events of a stream have as data. */
  readonly events?: z.ZodType;
}

/**
 * What the document says of one route. Its schemas are those that the handler checks with: what is written twice is
 * wrong once.
 */
export interface Operation {
  /** `operationId`: the name of a method in generated clients. */
  readonly id: string;
  readonly tag: keyof typeof TAGS;
  /** One line. */
  readonly summary: string;
  /** All that the summary leaves out; CommonMark. */
  readonly description?: string;
  /** What the token must allow. Left out: no token is needed. */
  readonly scope?: Scope;
  /** Parameters of the path, of the query, and headers, each field one of them. */
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** A body of JSON. */
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, Answer>>;
}

/** By `METHOD /path/{parameter}`. */
export type Operations = Readonly<Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, Operation>>;
