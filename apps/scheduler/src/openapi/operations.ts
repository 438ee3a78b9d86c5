import { TestRequest } from '@alts/sdk/plugin';
import type { z } from 'zod';
import type { Scope } from '../auth/scopes.ts';
import { CancelPayload } from '../http/legacy-routes.ts';
import { AcceptQuery, Batch, LinkQuery, ListQuery } from '../http/task-routes.ts';
import { TaskPayloadFields } from '../legacy/task-payload.ts';
import * as answers from './answers.ts';

/** One answer: a schema, or the media type of what has none. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default: application/json. */
  readonly type?: string;
  readonly headers?: readonly string[];
}

/** One thing that may be asked. A new route stands here, or a test fails. */
export interface Operation {
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/tasks/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: 'tasks' | 'queues' | 'service' | 'Python system';
  /** Left out: no token is needed. */
  readonly scope?: Scope;
  /** Errors are in the words of the Python system. */
  readonly legacy?: boolean;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, Answer>>;
}

const json = (description: string, schema: z.ZodType, headers: readonly string[] = []): Answer => ({
  description,
  schema,
  headers,
});
const missing = json('there is no such thing', answers.Problem);
const task = json('the task', answers.TaskView);

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/tasks',
    summary: 'Tasks, the newest first',
    tag: 'tasks',
    scope: 'tasks:read',
    query: ListQuery,
    answers: { 200: json('a page of tasks', answers.TaskPage) },
  },
  {
    method: 'post',
    path: '/tasks',
    summary: 'Accepts a test: it is on the disk when it is answered',
    tag: 'tasks',
    scope: 'tasks:write',
    query: AcceptQuery,
    body: TestRequest,
    answers: { 201: json('accepted', answers.Accepted, ['location']) },
  },
  {
    method: 'post',
    path: '/tasks/batch',
    summary: 'Accepts a test of each package on each system',
    tag: 'tasks',
    scope: 'tasks:write',
    body: Batch,
    answers: { 201: json('accepted', answers.AcceptedBatch) },
  },
  {
    method: 'get',
    path: '/tasks/{id}',
    summary: 'A task, with its request, attempts, stages and findings so far',
    tag: 'tasks',
    scope: 'tasks:read',
    answers: { 200: json('the task', answers.TaskDetail), 404: missing },
  },
  {
    method: 'get',
    path: '/tasks/{id}/events',
    summary: 'What happens, as it happens: Server-Sent Events; goes on behind Last-Event-ID',
    tag: 'tasks',
    scope: 'tasks:read',
    headers: { 'Last-Event-ID': 'the id of the last event that was heard' },
    answers: { 200: { description: 'events; the last is `end`', type: 'text/event-stream' }, 404: missing },
  },
  {
    method: 'get',
    path: '/tasks/{id}/artifacts',
    summary: 'Logs and reports of a task, by name',
    tag: 'tasks',
    scope: 'tasks:read',
    answers: { 200: json('what the store has now', answers.ArtifactList), 404: missing },
  },
  {
    method: 'get',
    path: '/tasks/{id}/artifacts/{name}',
    summary: 'A log, or report.json',
    tag: 'tasks',
    scope: 'tasks:read',
    answers: { 200: { description: 'its content', type: '*/*' }, 404: missing },
  },
  {
    method: 'get',
    path: '/tasks/{id}/artifacts/{name}/link',
    summary: 'A link to an artifact that is good without a token until it expires, where the store signs links',
    tag: 'tasks',
    scope: 'tasks:read',
    query: LinkQuery,
    answers: { 200: json('the link', answers.Link), 404: missing },
  },
  {
    method: 'post',
    path: '/tasks/{id}/cancel',
    summary: 'Stops a task, also one that runs; any number of times',
    tag: 'tasks',
    scope: 'tasks:write',
    answers: { 200: json('it is over already, and stays as it is', answers.TaskView), 202: task, 404: missing },
  },
  {
    method: 'post',
    path: '/tasks/{id}/rerun',
    summary: 'Accepts the same test again, as a task of its own',
    tag: 'tasks',
    scope: 'tasks:write',
    answers: { 201: json('accepted', answers.Accepted, ['location']), 404: missing },
  },
  {
    method: 'get',
    path: '/queues',
    summary: 'What is in each queue, and who takes from it',
    tag: 'queues',
    scope: 'tasks:read',
    answers: { 200: json('queues and workers', answers.Queues) },
  },
  {
    method: 'get',
    path: '/queues/{name}/dead-letters',
    summary: 'Tasks that a queue gave up, with the reason',
    tag: 'queues',
    scope: 'tasks:read',
    answers: { 200: json('the first thousand', answers.DeadLetters), 404: missing },
  },
  {
    method: 'post',
    path: '/queues/{name}/dead-letters/{taskId}/requeue',
    summary: 'Tries a dead letter again: as a task of its own where its task is over',
    tag: 'queues',
    scope: 'tasks:write',
    answers: { 201: json('accepted', answers.Accepted, ['location']), 404: missing },
  },
  {
    method: 'post',
    path: '/tasks/schedule',
    summary: 'Accepts a test as clients of the Python system ask for it',
    tag: 'Python system',
    scope: 'tasks:write',
    legacy: true,
    body: TaskPayloadFields,
    answers: { 201: json('accepted', answers.LegacyAccepted) },
  },
  {
    method: 'get',
    path: '/tasks/{id}/result',
    summary: 'The state of a task as Celery calls it, and its result',
    tag: 'Python system',
    scope: 'tasks:read',
    legacy: true,
    answers: { 200: json('also of a task that nobody knows: PENDING', answers.LegacyResult) },
  },
  {
    method: 'post',
    path: '/cancel_tasks',
    summary: 'Stops tasks by the names that the client gave them',
    tag: 'Python system',
    scope: 'tasks:write',
    legacy: true,
    body: CancelPayload,
    answers: { 200: json('noted', answers.LegacyCancelled) },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'The process is there',
    tag: 'service',
    answers: { 200: json('it is', answers.Health) },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'The task table answers',
    tag: 'service',
    answers: { 200: json('it does', answers.Health), 503: json('it does not', answers.Unavailable) },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'For Prometheus',
    tag: 'service',
    answers: { 200: { description: 'metrics', type: 'text/plain' } },
  },
];
