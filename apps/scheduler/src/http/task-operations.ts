import { z } from 'zod';
import { IDEMPOTENCY, LOCATION, NOT_FOUND, READING, REFUSED, REPLAYED, WRITING } from './openapi/common-answers.ts';
import type { Operations } from './openapi/operation.ts';
import { WrittenRequest } from './openapi/request-schemas.ts';
import { Batch, ListQuery, NewTask, NewTasks, TaskDetail, TaskList, TaskView } from './task-schemas.ts';

const ID = z.object({ id: z.string().describe('Id of the task.') });
const json = (schema: z.ZodType) => ({ content: { 'application/json': schema } });

/** What the document says of the routes in `task-routes.ts`. */
export const taskOperations: Operations = {
  'GET /tasks': {
    id: 'listTasks',
    tag: 'tasks',
    summary: 'Tasks, the newest first',
    description: 'Parameters that are not known are refused.',
    scope: 'tasks:read',
    query: ListQuery,
    answers: { 200: { description: 'A page.', ...json(TaskList) }, ...READING, ...REFUSED },
  },
  'POST /tasks': {
    id: 'addTask',
    tag: 'tasks',
    summary: 'Ask for a test',
    description: 'Answered when the task is on the disk: it survives the death of any one process and of the broker.',
    scope: 'tasks:write',
    headers: IDEMPOTENCY,
    body: WrittenRequest,
    answers: {
      201: { description: 'Accepted.', headers: { ...LOCATION, ...REPLAYED }, ...json(NewTask) },
      ...WRITING,
    },
  },
  'POST /tasks/batch': {
    id: 'addTasks',
    tag: 'tasks',
    summary: 'Ask for many tests',
    description: 'All of them are accepted, or none.',
    scope: 'tasks:write',
    headers: IDEMPOTENCY,
    body: Batch,
    answers: { 201: { description: 'All are accepted.', headers: REPLAYED, ...json(NewTasks) }, ...WRITING },
  },
  'GET /tasks/{id}': {
    id: 'getTask',
    tag: 'tasks',
    summary: 'A task with its request',
    scope: 'tasks:read',
    path: ID,
    answers: { 200: { description: 'The task.', ...json(TaskDetail) }, ...READING, ...NOT_FOUND },
  },
  'POST /tasks/{id}/cancel': {
    id: 'cancelTask',
    tag: 'tasks',
    summary: 'Stop a task',
    description: 'At once where nobody has begun it; else a worker is told, and the end comes when it has stopped.',
    scope: 'tasks:write',
    path: ID,
    headers: IDEMPOTENCY,
    answers: {
      202: { description: 'The task as it is now.', headers: REPLAYED, ...json(TaskView) },
      ...WRITING,
      ...NOT_FOUND,
    },
  },
  'POST /tasks/{id}/rerun': {
    id: 'rerunTask',
    tag: 'tasks',
    summary: 'The same test once more, as another task',
    scope: 'tasks:write',
    path: ID,
    headers: IDEMPOTENCY,
    answers: {
      201: { description: 'Accepted.', headers: { ...LOCATION, ...REPLAYED }, ...json(NewTask) },
      ...WRITING,
      ...NOT_FOUND,
    },
  },
  'GET /tasks/{id}/artifacts/{name}': {
    id: 'getArtifact',
    tag: 'tasks',
    summary: 'A log, or report.json',
    description: '`report.json` is described by the schema `@alts/sdk/report.schema.json`. Logs are text as it came.',
    scope: 'tasks:read',
    path: ID.extend({ name: z.string().describe('As a report names it: `install_package.log`.') }),
    answers: {
      200: {
        description: 'Its content.',
        content: { 'application/json': z.unknown(), 'text/plain; charset=utf-8': z.string() },
      },
      ...READING,
      ...REFUSED,
      ...NOT_FOUND,
    },
  },
};
