import { z } from 'zod';
import { Problem } from '../problem.ts';
import type { Answer } from './operation.ts';

const problem = (description: string): Answer => ({ description, content: { 'application/problem+json': Problem } });

const wwwAuthenticate = {
  'www-authenticate': { description: 'RFC 6750, section 3.', schema: z.literal('Bearer'), always: true },
} as const;

/** Any request that needs a token. */
const GUARDED = {
  401: { ...problem('No token, or one that is not good, or is over.'), headers: wwwAuthenticate },
  403: problem('The token has not the scope that it needs.'),
  500: problem('What nobody foresaw; the log of the scheduler says more.'),
  503: problem('Something that the scheduler needs is not there: try again later.'),
} as const;

/** What every request that reads tasks may be answered. */
export const READING = GUARDED;

/** What every request that changes tasks may be answered. */
export const WRITING = {
  ...GUARDED,
  400: problem('The request is wrong: `detail` names the field, its value and what would be right.'),
  413: problem('More than 1 MiB, or more tasks than one request may make.'),
} as const;

export const NOT_FOUND = { 404: problem('There is no such task, or it has no such artifact.') } as const;
export const REFUSED = { 400: WRITING[400] } as const;

/** Of a request that may come again. */
export const IDEMPOTENCY = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[!-~]{1,255}$/)
    .optional()
    .describe('A request that comes again with its key does nothing, and is answered the same, for a week.'),
});

export const REPLAYED = {
  'idempotent-replayed': {
    description: 'There when a request with this `Idempotency-Key` came before: this is its answer.',
    schema: z.literal('true'),
  },
} as const;

export const LOCATION = {
  location: { description: 'Where the task is.', schema: z.string().regex(/^\/tasks\//), always: true },
} as const;
