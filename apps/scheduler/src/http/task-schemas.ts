import { PackageSpec, System, TaskId, TestRequest, Verdict } from '@alts/sdk/plugin';
import { z } from 'zod';
import { namedInput, namedOutput } from './openapi/json-schema.ts';
import { CheckedRequest } from './openapi/request-schemas.ts';

const TaskState = z.enum(['accepted', 'queued', 'running', 'finished']);

/** A moment as the task table writes it, so that the two compare as texts: always with milliseconds. */
const Moment = z.iso.datetime().transform((text) => new Date(text).toISOString());

export const ListQuery = z.strictObject({
  state: TaskState.optional(),
  verdict: Verdict.optional(),
  package: z
    .string()
    .regex(/^[^\p{Cc}]{1,255}$/u, 'must be 1 to 255 characters, none of them a control character')
    .optional()
    .describe('Name of the package.'),
  system: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)?(\/[\w.-]+)?$/, 'must be <distribution>[:<version>][/<architecture>], such as debian:12')
    .max(255)
    .optional()
    .describe('`debian`, `debian:12` or `debian:12/x86_64`.'),
  since: Moment.optional().describe('Accepted then or later.'),
  until: Moment.optional().describe('Accepted before.'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('How many tasks a page has.'),
  after: z.string().max(500).optional().describe('`next` of the page before.'),
});

export const Batch = namedInput(
  z.strictObject({
    request: TestRequest.omit({ taskId: true, package: true, system: true })
      .prefault({})
      .describe('A request but for package and system.'),
    packages: z.array(PackageSpec).min(1).max(1000),
    systems: z.array(System).min(1).max(100),
    runner: z.string().optional().describe('Short name of a runner. Left out, or `any`: whichever comes first.'),
  }),
  {
    id: 'Batch',
    description: 'A task for each pair of a package and a system, at most 5000.',
    examples: [{ packages: [{ name: 'bash' }, { name: 'hello' }], systems: ['debian:12', 'debian:13'] }],
  },
);

const Instant = z.iso.datetime();

/** A task as it is shown, in lists and alone. Null is what is not known, or not yet. */
export const TaskView = namedOutput(
  z.object({
    id: TaskId,
    externalId: z.string().nullable().describe('What a client of the Python system calls it: `bs_task_id`.'),
    state: TaskState.describe(
      '`accepted`: kept, and not yet with the queue. `queued`: the queue has it. `running`: a worker said so. ' +
        '`finished`: it has a verdict, and nothing changes any more.',
    ),
    verdict: Verdict.nullable(),
    attempt: z.int().nonnegative().describe('The latest that was heard of; 0 before the first.'),
    queue: z.string(),
    package: z.string(),
    system: z.object({ distribution: z.string(), version: z.string(), architecture: z.string() }),
    worker: z.string().nullable().describe('Which worker has it, or had it last.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    rerunOf: z.string().nullable().describe('The task that this one repeats.'),
    cancelReason: z.string().nullable(),
    acceptedAt: Instant,
    queuedAt: Instant.nullable(),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    links: z.object({
      self: z.string(),
      report: z.string().optional().describe('There when there is a report.'),
    }),
  }),
  { id: 'Task', description: 'Null is what is not known, or not yet.' },
);
export type TaskView = z.output<typeof TaskView>;

export const TaskDetail = namedOutput(TaskView.extend({ request: CheckedRequest }), {
  id: 'TaskDetail',
  description: 'A task with its request, as it was understood: defaults and all.',
});

export const TaskList = namedOutput(
  z.object({
    tasks: z.array(TaskView),
    next: z.string().nullable().describe('For `after`, when there may be more.'),
  }),
  { id: 'TaskList', description: 'A page, the newest first.' },
);

export const NewTask = namedOutput(z.object({ id: TaskId }), { id: 'NewTask' });
export const NewTasks = namedOutput(
  z.object({ ids: z.array(TaskId).describe('Package by package, and of each in the order of the systems.') }),
  { id: 'NewTasks' },
);
