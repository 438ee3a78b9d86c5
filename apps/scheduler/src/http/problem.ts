import { AltsError } from '@alts/sdk/plugin';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { KeysUnavailable } from '../auth/key-set.ts';
import type { Log } from '../parts.ts';
import { TakenTaskId } from '../tasks/accept-task.ts';
import { HTTP_STATUS } from './http-status.ts';

/** What went wrong, RFC 9457. `code` is for programs, `detail` for people. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly detail: string;
}

/** Thrown where a status says more than the code of an {@link AltsError} would. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof TakenTaskId) return { status: 409, code: 'task_exists', detail: error.message };
  if (AltsError.is(error)) return { status: HTTP_STATUS[error.code], code: error.code, detail: error.message };
  if (error instanceof KeysUnavailable) {
    return { status: 503, code: 'keys_unavailable', detail: 'nobody can say now whether the token is good; try again' };
  }
  return { status: 500, code: 'internal', detail: 'an error that nobody foresaw; see the log' };
}

/** What is not the client's fault is for those who run the scheduler to know. */
export function logFault(log: Log, error: unknown): void {
  const { status, code } = problemOf(error);
  if (code === 'internal') log.error({ error }, 'a request failed');
  else if (status >= 500) log.warn({ error }, 'a request could not be served');
}

/** An answer of type application/problem+json. */
export function answerProblem(context: Context, { status, code, detail }: Problem, headers?: Record<string, string>) {
  const body = JSON.stringify({ type: 'about:blank', title: code.replaceAll('_', ' '), status, code, detail });
  return context.body(body, status, { 'content-type': 'application/problem+json', ...headers });
}
