import { redactRequest } from '@alts/sdk';
import {
  AltsError,
  Architecture,
  describeZodError,
  PackageSpec,
  Priority,
  System,
  TestRequest,
  Verdict,
} from '@alts/sdk/plugin';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { AppParts } from '../parts.ts';
import type { TaskRow } from '../table/schema.ts';
import { acceptTask, acceptTasks } from '../tasks/accept-task.ts';
import { cancelTasks } from '../tasks/cancel-tasks.ts';
import { progressOf } from '../tasks/task-progress.ts';
import { attemptView } from './attempt-view.ts';
import { authorize, type Variables } from './authorize.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { idempotent, taskIdFor } from './idempotency.ts';
import { readJson } from './read-json.ts';
import { taskView } from './task-view.ts';

/** A moment as the task table writes it, so that the two compare as texts: always with milliseconds. */
const Moment = z.iso.datetime().transform((text) => new Date(text).toISOString());

/** Under the name that the task table has for it, whatever name it was accepted by. */
function withUsualArchitecture(system: string, context: z.RefinementCtx): string {
  const [name, architecture] = system.split('/');
  if (architecture === undefined) return system;
  const parsed = Architecture.safeParse(architecture);
  if (parsed.success) return `${name}/${parsed.data}`;
  context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? 'unknown architecture' });
  return z.NEVER;
}

/** What `GET /tasks` may be asked. */
export const ListQuery = z.strictObject({
  state: z.enum(['accepted', 'queued', 'running', 'finished']).optional(),
  verdict: Verdict.optional(),
  package: z
    .string()
    .regex(/^[^\p{Cc}]{1,255}$/u, 'must be 1 to 255 characters, none of them a control character')
    .optional(),
  /** `debian`, `debian:12` or `debian:12/x86_64`; also `debian:12/amd64`. */
  system: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)?(\/[\w.-]+)?$/, 'must be <distribution>[:<version>][/<architecture>], such as debian:12')
    .max(255)
    .transform(withUsualArchitecture)
    .optional(),
  /** Accepted at or after, and before. */
  since: Moment.optional(),
  until: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z.string().max(500).optional(),
});

/** What `POST /tasks/batch` takes. */
export const Batch = z.strictObject({
  /** A request but for package and system. */
  request: TestRequest.omit({ taskId: true, package: true, system: true }).prefault({}),
  packages: z.array(PackageSpec).min(1).max(1000),
  systems: z.array(System).min(1).max(100),
  runner: z.string().optional(),
  priority: Priority.optional(),
});
/** What `POST /tasks` may be asked beside its body. */
export const AcceptQuery = z.strictObject({
  priority: Priority.optional(),
  runner: z.string().optional().describe('Left out, or `any`: the first that the scheduler has'),
});
/** What `GET /tasks/{id}/artifacts/{name}/link` may be asked; no store signs for longer than a week. */
export const LinkQuery = z.strictObject({
  expiresInSeconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(3600),
});
/** One request is answered within seconds. */
const MAX_BATCH = 5000;

/** Tasks for people and tools. */
export function taskRoutes(parts: AppParts): Hono<{ Variables: Variables }> {
  const { table, store } = parts;
  const routes = new Hono<{ Variables: Variables }>();
  const reads = authorize(parts.verify, 'tasks:read');
  const writes = [authorize(parts.verify, 'tasks:write'), idempotent(parts.answers)] as const;
  const find = async (context: Context): Promise<TaskRow> => {
    const id = context.req.param('id') ?? '';
    const task = await table.find(id);
    if (!task) throw new AltsError('artifact_not_found', `there is no task ${JSON.stringify(id.slice(0, 128))}`);
    return task;
  };

  routes.get('/tasks', reads, async (context) => {
    const query = parse(ListQuery, context.req.query());
    const { after, limit, ...filter } = query;
    const found = await table.list({ ...filter, after: after === undefined ? undefined : decodeCursor(after), limit });
    const last = found.length === limit ? found.at(-1) : undefined;
    const next = last && encodeCursor({ acceptedAt: last.accepted_at, id: last.id });
    return context.json({ tasks: found.map(taskView), next: next ?? null });
  });

  routes.post('/tasks', ...writes, async (context) => {
    const taskId = taskIdOf(context);
    const { priority, runner } = parse(AcceptQuery, context.req.query());
    const id = await acceptTask(parts, { request: await readJson(context.req.raw), runner, taskId, priority });
    return context.json({ id }, 201, { location: `/tasks/${id}` });
  });

  routes.post('/tasks/batch', ...writes, async (context) => {
    const { request, packages, systems, runner, priority } = parse(Batch, await readJson(context.req.raw));
    if (packages.length * systems.length > MAX_BATCH) {
      throw new AltsError('limit_exceeded', `packages × systems: more than ${MAX_BATCH} tasks`);
    }
    const matrix = packages.flatMap((one) => systems.map((system) => ({ ...request, package: one, system })));
    const inputs = matrix.map((each, at) => ({ request: each, runner, priority, taskId: taskIdOf(context, at) }));
    const ids = await acceptTasks(parts, inputs);
    return context.json({ ids }, 201);
  });

  routes.get('/tasks/:id', reads, async (context) => {
    const task = await find(context);
    const request = redactRequest(JSON.parse(task.request) as TestRequest);
    const { attempts, ...progress } = await progressOf(parts, task);
    const shown = attempts.map((attempt) => attemptView(task.id, attempt));
    return context.json({ ...taskView(task), request, attempts: shown, ...progress });
  });

  routes.post('/tasks/:id/cancel', ...writes, async (context) => {
    const task = await find(context);
    if (task.state === 'finished') return context.json(taskView(task), 200);
    await cancelTasks(parts, { taskIds: [task.id] }, `cancelled by ${context.get('caller').name}`);
    return context.json(taskView(await find(context)), 202);
  });

  routes.post('/tasks/:id/rerun', ...writes, async (context) => {
    const task = await find(context);
    const { taskId: _, ...request } = JSON.parse(task.request) as Record<string, unknown>;
    const runner = task.queue.split('-')[0];
    // Not the client's name for it, nor whom to tell: who asked for the first had an answer, and did not ask for another.
    const { priority } = task;
    const id = await acceptTask(parts, { request, runner, rerunOf: task.id, taskId: taskIdOf(context), priority });
    return context.json({ id }, 201, { location: `/tasks/${id}` });
  });

  routes.get('/tasks/:id/artifacts', reads, async (context) => {
    const { id } = await find(context);
    const found = await Array.fromAsync(store.list(id));
    const artifacts = found.map(({ name, size }) => ({
      name,
      size,
      href: `/tasks/${id}/artifacts/${encodeURIComponent(name)}`,
    }));
    return context.json({ artifacts: artifacts.sort((one, other) => (one.name < other.name ? -1 : 1)) });
  });

  routes.get('/tasks/:id/artifacts/:name', reads, async (context) => {
    const { id } = await find(context);
    const name = context.req.param('name');
    const content = store.get({ taskId: id, name });
    return new Response(await started(content), { headers: { ...INERT, 'content-type': contentType(name) } });
  });

  routes.get('/tasks/:id/artifacts/:name/link', reads, async (context) => {
    const { expiresInSeconds } = parse(LinkQuery, context.req.query());
    const key = { taskId: (await find(context)).id, name: context.req.param('name') };
    if (!store.link) throw new AltsError('not_supported', 'the store signs no links; get the artifact itself');
    await (await started(store.get(key))).cancel();
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000).toISOString();
    const url = await store.link(key, { expiresInSeconds });
    return context.json({ url: url.href, expiresAt });
  });
  return routes;
}

function taskIdOf(context: Context<{ Variables: Variables }>, index?: number): string | undefined {
  const seed = context.get('seed');
  return seed === undefined ? undefined : taskIdFor(seed, index);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AltsError('invalid_request', describeZodError(parsed.error, value));
}

/** The first bytes are waited for, so that what is not there is still said with a status. */
async function started(content: AsyncIterable<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const iterator = content[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Uint8Array>> | undefined = Promise.resolve(await iterator.next());
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (next ?? iterator.next());
      next = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await iterator.return?.()),
  });
}

/** What a package printed is no page, whatever it looks like, and a page that somebody makes of it may do nothing. */
const INERT = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" };

/** To a browser it is text and nothing else. */
function contentType(name: string): string {
  return name.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
}
