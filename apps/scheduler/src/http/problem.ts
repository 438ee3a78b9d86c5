import { AltsError } from '@alts/sdk/plugin';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { HTTP_STATUS } from './http-status.ts';

/** What went wrong, RFC 9457. `code` is for programs, `detail` for people. */
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
