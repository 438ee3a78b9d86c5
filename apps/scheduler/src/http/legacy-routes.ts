import { AltsError, describeZodError } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import { z } from 'zod';
import { inPayloadNames } from '../legacy/field-names.ts';
import { legacyState } from '../legacy/states.ts';
import { ExternalId, TaskPayload } from '../legacy/task-payload.ts';
import { API_VERSION } from '../legacy/to-callback.ts';
import { toRequest } from '../legacy/to-request.ts';
import { assertServed, unservedFields } from '../legacy/unserved-fields.ts';
import type { AppParts } from '../parts.ts';
import { acceptTask } from '../tasks/accept-task.ts';
import { cancelTasks } from '../tasks/cancel-tasks.ts';
import { authorizeLegacy, type Variables } from './authorize.ts';
import { HTTP_STATUS } from './http-status.ts';
import { idempotent, taskIdFor } from './idempotency.ts';
import { logFault, problemOf } from './problem.ts';
import { readJson } from './read-json.ts';

/** What `POST /cancel_tasks` takes. */
export const CancelPayload = z.object({
  bs_task_ids: z.array(z.union([z.int(), ExternalId])).max(10_000),
});

/** There, also a broker or a database that refuses is a 400. */
const STATUS = { ...HTTP_STATUS, store_unavailable: 400, queue_unavailable: 400 } as const;

/** What clients of the Python system know, with the answers that they know. */
export function legacyRoutes(parts: AppParts): Hono<{ Variables: Variables }> {
  const routes = new Hono<{ Variables: Variables }>();
  const reads = authorizeLegacy(parts.verify, 'tasks:read');
  const writes = [authorizeLegacy(parts.verify, 'tasks:write'), idempotent(parts.answers)] as const;

  routes.post('/tasks/schedule', ...writes, async (context) => {
    const body = await readJson(context.req.raw);
    const payload = TaskPayload.safeParse(body);
    if (!payload.success) {
      return context.json(refusal(describeZodError(payload.error, body)), 422);
    }
    const { runner_type: runner, bs_task_id: externalId, callback_href: callbackHref } = payload.data;
    assertServed(payload.data, runner === 'any' ? parts.offer.runners[0] : runner);
    const fields = unservedFields(payload.data);
    if (fields.length > 0) parts.log.info({ externalId, fields }, 'fields of a task that nothing is done with');
    const request = toRequest(payload.data);
    const seed = context.get('seed');
    const taskId = seed === undefined ? undefined : taskIdFor(seed);
    const accepting = acceptTask(parts, { request, runner, externalId, callbackHref, taskId });
    const task_id = await accepting.catch((error: unknown) => {
      if (!AltsError.is(error)) throw error;
      throw new AltsError(error.code, inPayloadNames(error.message, payload.data), { cause: error });
    });
    return context.json({ api_version: API_VERSION, success: true, task_id }, 201);
  });

  routes.get('/tasks/:id/result', reads, async (context) => {
    const task = await parts.table.find(context.req.param('id'));
    const state = legacyState(task);
    const summary = state === 'SUCCESS' && task?.summary ? { result: JSON.parse(task.summary) } : {};
    return context.json({ state, api_version: API_VERSION, ...summary });
  });

  routes.post('/cancel_tasks', ...writes, async (context) => {
    const body = await readJson(context.req.raw);
    const payload = CancelPayload.safeParse(body);
    if (!payload.success) return context.json({ detail: describeZodError(payload.error, body) }, 422);
    const externalIds = payload.data.bs_task_ids.map(String);
    await cancelTasks(parts, { externalIds }, `cancelled by ${context.get('caller').name}`);
    return context.json({ success: true });
  });

  routes.onError((error, context) => {
    logFault(parts.log, error);
    const { status, detail } = problemOf(error);
    return context.json(refusal(detail), AltsError.is(error) ? STATUS[error.code] : status);
  });
  return routes;
}

function refusal(error_description: string) {
  return { api_version: API_VERSION, success: false, error_description };
}
