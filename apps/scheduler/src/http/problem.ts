import { AltsError } from '@alts/sdk/plugin';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { HTTP_STATUS } from './http-status.ts';
import { namedOutput } from './openapi/json-schema.ts';

/** What is said of an error, RFC 9457. */
export const Problem = namedOutput(
  z.object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe('For programs.'),
    detail: z.string().describe('For people.'),
  }),
  { id: 'Problem', description: 'What went wrong, RFC 9457.' },
);
/** What went wrong; type and title follow from it. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly detail: string;
}

export function problemOf(error: unknown): Problem {
  if (!AltsError.is(error))
    return { status: 500, code: 'internal', detail: 'an error that nobody foresaw; see the log' };
  return { status: HTTP_STATUS[error.code], code: error.code, detail: error.message };
}

/** An answer of type application/problem+json. */
export function answerProblem(context: Context, { status, code, detail }: Problem, headers?: Record<string, string>) {
  const body = JSON.stringify({ type: 'about:blank', title: code.replaceAll('_', ' '), status, code, detail });
  return context.body(body, status, { 'content-type': 'application/problem+json', ...headers });
}
