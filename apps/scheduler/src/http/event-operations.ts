import { TestEvent } from '@alts/sdk/plugin';
import { z } from 'zod';
import { NOT_FOUND, READING } from './openapi/common-answers.ts';
import { namedOutput } from './openapi/json-schema.ts';
import type { Operations } from './openapi/operation.ts';
import { TaskView } from './task-schemas.ts';

const Event = namedOutput(TestEvent, { id: 'TestEvent', description: 'What happens during a test.' });
const Data = z.union([TaskView, Event]);

/** What the document says of the routes in `event-routes.ts`. */
export const eventOperations: Operations = {
  'GET /tasks/{id}/events': {
    id: 'followTask',
    tag: 'tasks',
    summary: 'What happens, as it happens',
    description:
      'Server-Sent Events (HTML Living Standard, 9.2): `state` with a `Task` when its state changes, then each ' +
      '`TestEvent` under its own type, with an id to go on from; the last is `end`, with a `Task`.',
    scope: 'tasks:read',
    path: z.object({ id: z.string().describe('Id of the task.') }),
    headers: z.object({
      'last-event-id': z
        .string()
        .optional()
        .describe('Id of the last event that was seen: `1-42`. What no stream gave is as good as nothing.'),
    }),
    answers: {
      200: { description: 'Ends with the task.', content: { 'text/event-stream': z.string() }, events: Data },
      ...READING,
      ...NOT_FOUND,
    },
  },
};
