import { z } from 'zod';
import { TaskPayload } from '../legacy/task-payload.ts';
import { Cancelled, CancelPayload, Detail, Refusal, Result, Scheduled } from './legacy-schemas.ts';
import { IDEMPOTENCY, REPLAYED, WRITING } from './openapi/common-answers.ts';
import type { Answer, Operations } from './openapi/operation.ts';

const json = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: { 'application/json': schema },
});

/** FastAPI's HTTPBearer answers 403 to who sends no token. */
const GUARDED = {
  401: { ...json('The token is not good, or is over.', Detail), headers: WRITING[401].headers },
  403: json('No token, or one that has not the scope that it needs.', Detail),
  500: json('What nobody foresaw; the log of the scheduler says more.', Refusal),
} as const;
const WRITES = {
  ...GUARDED,
  400: json('The request is wrong, and the message names the field; or the task table does not take it now.', Refusal),
  413: json('The body has more than 1 MiB.', Refusal),
} as const;

/** What the document says of the routes in `legacy-routes.ts`. */
export const legacyOperations: Operations = {
  'POST /tasks/schedule': {
    id: 'scheduleTask',
    tag: 'python system',
    summary: 'Ask for a test',
    scope: 'tasks:write',
    headers: IDEMPOTENCY,
    body: TaskPayload,
    answers: {
      201: { ...json('Accepted.', Scheduled), headers: REPLAYED },
      422: json('The body is no task.', Refusal),
      ...WRITES,
    },
  },
  'GET /tasks/{id}/result': {
    id: 'getTaskResult',
    tag: 'python system',
    summary: 'How a test ended',
    description: 'A task that nobody knows is `PENDING`.',
    scope: 'tasks:read',
    path: z.object({ id: z.string().describe('Id of the task.') }),
    answers: { 200: json('State, and the result where there is one.', Result), ...GUARDED },
  },
  'POST /cancel_tasks': {
    id: 'cancelTasks',
    tag: 'python system',
    summary: 'Stop tasks by the ids of the client',
    description: 'Those that are over, and those that nobody knows, are passed over.',
    scope: 'tasks:write',
    headers: IDEMPOTENCY,
    body: CancelPayload,
    answers: {
      200: { ...json('They end, or will.', Cancelled), headers: REPLAYED },
      422: json('The body is no list of ids.', Detail),
      ...WRITES,
    },
  },
};
