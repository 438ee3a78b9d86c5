import { AltsError } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { AppParts } from '../parts.ts';
import type { EventPosition } from '../table/event-table.ts';
import { authorize, type Variables } from './authorize.ts';
import { answerProblem } from './problem.ts';
import { writeEvents } from './write-events.ts';

/** Streams that are open at once. */
export const MAX_STREAMS = 500;
const RETRY_AFTER_S = 10;
/** Else nginx collects what it is given, and readers see it in jumps. */
const HEADERS = { 'x-accel-buffering': 'no' };

/**
 * `GET /tasks/{id}/events`: Server-Sent Events (HTML Living Standard, 9.2). `state` when the task's state changes, then
 * each event of the test under its own type, with an id to go on from (`Last-Event-ID`); the last is `end`.
 */
export function eventRoutes(parts: AppParts): Hono<{ Variables: Variables }> {
  const routes = new Hono<{ Variables: Variables }>();
  let open = 0;
  routes.get('/tasks/:id/events', authorize(parts.verify, 'tasks:read'), async (context) => {
    const id = context.req.param('id');
    if (!(await parts.table.find(id))) {
      throw new AltsError('artifact_not_found', `there is no task ${JSON.stringify(id)}`);
    }
    if (open >= MAX_STREAMS) {
      const detail = `${MAX_STREAMS} streams of events are open, and there are no more; ask for GET /tasks/{id} instead`;
      const problem = { status: 503, code: 'too_many_streams', detail } as const;
      return answerProblem(context, problem, { 'retry-after': String(RETRY_AFTER_S) });
    }
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    // Nobody would read what is written.
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'content-type': 'text/event-stream' });
    const position = positionOf(context.req.header('last-event-id'));
    open += 1;
    return streamSSE(context, async (stream) => {
      try {
        await writeEvents(stream, parts, id, position);
      } catch (error) {
        // Without an `end` a reader comes again by itself, and goes on where it was.
        if (!stream.aborted) parts.log.warn({ taskId: id, error }, 'a stream of events was cut off');
      } finally {
        open -= 1;
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
