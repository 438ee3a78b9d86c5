import { AltsError, ARCHITECTURES } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import type { AppParts } from '../parts.ts';
import { acceptTask } from '../tasks/accept-task.ts';
import { queueName } from '../tasks/queue-name.ts';
import { authorize, type Variables } from './authorize.ts';
import { idempotent, taskIdFor } from './idempotency.ts';
import { queueDepths } from './queue-depths.ts';

const MAX_LETTERS = 1000;

/** Queues, who takes from them, and what they gave up. */
export function queueRoutes(parts: AppParts): Hono<{ Variables: Variables }> {
  const { table, queue: broker, fleet } = parts;
  const routes = new Hono<{ Variables: Variables }>();
  const reads = authorize(parts.verify, 'tasks:read');
  const writes = [authorize(parts.verify, 'tasks:write'), idempotent(parts.answers)] as const;

  routes.get('/queues', reads, async (context) => {
    const workers = fleet.workers();
    const counts = await table.countsByQueue();
    const queues = [...(await queueDepths(parts))].map(([name, messages]) => ({
      name,
      messages,
      tasks: Object.fromEntries(counts.filter(({ queue }) => queue === name).map(({ state, count }) => [state, count])),
      workers: workers.filter(({ queues: own }) => own.includes(name)).map((worker) => worker.name),
    }));
    return context.json({ queues, workers });
  });

  routes.get('/queues/:name/dead-letters', reads, async (context) => {
    const deadLetters: object[] = [];
    const { name } = context.req.param();
    assertQueue(parts, name);
    for await (const { message, reason, attempts } of broker.deadLetters(name)) {
      if (deadLetters.length >= MAX_LETTERS) break;
      deadLetters.push({ taskId: message?.taskId ?? null, reason, attempts });
    }
    return context.json({ deadLetters });
  });

  /** A task that is over stays over: its dead letter becomes a task of its own. */
  routes.post('/queues/:name/dead-letters/:taskId/requeue', ...writes, async (context) => {
    const { name, taskId } = context.req.param();
    assertQueue(parts, name);
    const task = await table.find(taskId);
    if (task?.state !== 'finished') {
      if (await broker.settleDeadLetter(name, taskId, 'requeue')) return context.json({ id: taskId }, 201);
      throw noLetter(name, taskId);
    }
    if (!(await hasLetter(parts, name, taskId))) throw noLetter(name, taskId);
    const { taskId: _, ...request } = JSON.parse(task.request) as Record<string, unknown>;
    // The same for the same letter: who asks twice has it once.
    const id = taskIdFor(`${name}\0${taskId}\0${task.finished_at}`);
    const runner = task.queue.split('-')[0];
    await acceptTask(parts, {
      request,
      runner,
      rerunOf: taskId,
      taskId: id,
      // The client was told of an error that is no more: it is told again, and may cancel this one as it might that one.
      externalId: task.external_id ?? undefined,
      callbackHref: task.callback_href ?? undefined,
      priority: task.priority,
    });
    await broker.settleDeadLetter(name, taskId, 'remove');
    return context.json({ id }, 201, { location: `/tasks/${id}` });
  });
  return routes;
}

/** Looking into a queue declares it, and no reader shall fill the broker with queues. */
function assertQueue({ offer, fleet }: AppParts, name: string): void {
  const offered = offer.runners.some((runner) => ARCHITECTURES.some((each) => queueName(runner, each) === name));
  if (offered || fleet.workers().some(({ queues }) => queues.includes(name))) return;
  throw new AltsError('artifact_not_found', `there is no queue ${JSON.stringify(name.slice(0, 128))}`);
}

async function hasLetter({ queue }: AppParts, name: string, taskId: string): Promise<boolean> {
  for await (const { message } of queue.deadLetters(name)) if (message?.taskId === taskId) return true;
  return false;
}

function noLetter(name: string, taskId: string): AltsError {
  const [queue, task] = [name, taskId].map((text) => JSON.stringify(text.slice(0, 128)));
  return new AltsError('artifact_not_found', `there is no dead letter of ${task} in ${queue}`);
}
