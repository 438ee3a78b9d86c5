import { setTimeout as sleep } from 'node:timers/promises';
import { AltsError } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { AppParts } from '../parts.ts';
import type { EventPosition } from '../table/event-table.ts';
import { authorize, type Variables } from './authorize.ts';
import { taskView } from './task-view.ts';

/** How often it is looked for news: of any scheduler, so not by ear. */
const LOOK_EVERY_MS = 250;
const PAGE = 500;
/** Proxies cut connections that are silent for a minute. */
const SIGN_OF_LIFE_MS = 20_000;

/**
 * `GET /tasks/{id}/events`: Server-Sent Events (HTML Living Standard, 9.2). `state` when the task's state changes, then
 * each event of the test under its own type, with an id to go on from (`Last-Event-ID`); the last is `end`.
 */
export function eventRoutes({ table, events, verify }: AppParts): Hono<{ Variables: Variables }> {
  const routes = new Hono<{ Variables: Variables }>();
  routes.get('/tasks/:id/events', authorize(verify, 'tasks:read'), async (context) => {
    const id = context.req.param('id');
    if (!(await table.find(id))) throw new AltsError('artifact_not_found', `there is no task ${JSON.stringify(id)}`);
    let position = positionOf(context.req.header('last-event-id'));
    return streamSSE(context, async (stream) => {
      let [state, wroteAt] = ['', Date.now()];
      while (!stream.aborted) {
        // Before the events: what came before the end is then there to be read.
        const task = await table.find(id);
        if (!task) return;
        const found = await events.after(id, position, PAGE);
        if (task.state !== state) await stream.writeSSE({ event: 'state', data: JSON.stringify(taskView(task)) });
        state = task.state;
        for (const { attempt, sequence, event } of found) {
          const type = (JSON.parse(event) as { type: string }).type;
          await stream.writeSSE({ id: `${attempt}-${sequence}`, event: type, data: event });
          position = { attempt, sequence };
        }
        if (found.length > 0) wroteAt = Date.now();
        if (found.length === PAGE) continue;
        if (task.state === 'finished') {
          await stream.writeSSE({ event: 'end', data: JSON.stringify(taskView(task)) });
          return;
        }
        if (Date.now() - wroteAt > SIGN_OF_LIFE_MS) {
          await stream.write(': still here\n\n');
          wroteAt = Date.now();
        }
        await sleep(LOOK_EVERY_MS);
      }
    });
  });
  return routes;
}

/** What no stream of ours gave is as good as nothing: from the beginning. */
function positionOf(lastEventId: string | undefined): EventPosition {
  const [, attempt, sequence] = /^(\d{1,9})-(\d{1,16})$/.exec(lastEventId ?? '') ?? [];
  return { attempt: Number(attempt ?? 0), sequence: Number(sequence ?? -1) };
}
