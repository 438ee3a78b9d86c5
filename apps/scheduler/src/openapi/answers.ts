import { Architecture, StageName, TaskId, TestReport, Verdict, WorkerState } from '@alts/sdk/plugin';
import { z } from 'zod';

/** What the scheduler answers, as schemas: for the document, and for the test that compares answers with it. */

const At = z.iso.datetime();

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** For programs. */
    code: z.string(),
    /** For people. */
    detail: z.string(),
  })
  .describe('What went wrong, RFC 9457');

export const TaskState = z.enum(['accepted', 'queued', 'running', 'finished']);

export const TaskView = z
  .object({
    id: TaskId,
    externalId: z.string().nullable().describe('What the client calls it: bs_task_id'),
    state: TaskState,
    verdict: Verdict.nullable(),
    attempt: z.int().nonnegative().describe('The latest that was heard of; 0 before the first'),
    queue: z.string(),
    package: z.string(),
    system: z.object({ distribution: z.string(), version: z.string(), architecture: Architecture }),
    worker: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    rerunOf: z.string().nullable(),
    cancelReason: z.string().nullable(),
    acceptedAt: At,
    queuedAt: At.nullable(),
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
    links: z.object({ self: z.string(), events: z.string(), artifacts: z.string(), report: z.string().optional() }),
  })
  .describe('A task; null is what is not known, or not yet');

export const StageView = z.object({
  attempt: z.int().min(1),
  name: StageName,
  status: z.enum(['running', 'passed', 'failed', 'error', 'cancelled', 'skipped']),
  durationMs: z.number().nonnegative().nullable(),
});

export const AttemptView = z.object({
  attempt: z.int().min(1),
  worker: z.string().nullable(),
  startedAt: At.nullable(),
  finishedAt: At.nullable(),
  verdict: Verdict.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  links: z.object({ report: z.string().optional() }),
});

export const ArtifactList = z.object({
  artifacts: z.array(z.object({ name: z.string(), size: z.int().describe('Bytes'), href: z.string() })),
});

export const TaskDetail = TaskView.extend({
  request: z.record(z.string(), z.unknown()).describe('As it was understood, without user and password of URLs'),
  attempts: z.array(AttemptView).describe('The last twenty, in their order'),
  stages: z.array(StageView).describe('Those so far, of every attempt that was heard of'),
  findings: z.array(z.record(z.string(), z.unknown())).describe('Those so far, of the latest attempt'),
});

export const TaskPage = z.object({
  tasks: z.array(TaskView),
  next: z.string().nullable().describe('For `after`; null on the last page'),
});

export const Link = z.object({ url: z.url(), expiresAt: At });

export const Accepted = z.object({ id: TaskId });
export const AcceptedBatch = z.object({ ids: z.array(TaskId) });

const Messages = z.object({ waiting: z.int(), retrying: z.int(), dead: z.int() });
export const Queues = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      messages: Messages.nullable().describe('null: the broker does not say'),
      tasks: z.partialRecord(TaskState, z.int()).describe('Unfinished ones, by state'),
      workers: z.array(z.string()),
    }),
  ),
  workers: z.array(WorkerState),
});
export const DeadLetters = z.object({
  deadLetters: z.array(z.object({ taskId: z.string().nullable(), reason: z.string(), attempts: z.int() })),
});

export const Health = z.object({ status: z.literal('ok') });
export const Unavailable = z.object({ status: z.literal('unavailable'), reason: z.string() });

const ApiVersion = z.literal('20210512');
export const LegacyAccepted = z.object({ api_version: ApiVersion, success: z.literal(true), task_id: z.string() });
export const LegacyRefusal = z.object({
  api_version: ApiVersion,
  success: z.literal(false),
  error_description: z.string(),
});
export const LegacyDetail = z.object({ detail: z.string() });
export const LegacyResult = z.object({
  state: z.enum(['PENDING', 'STARTED', 'ABORTED', 'SUCCESS', 'FAILURE', 'REVOKED']),
  api_version: ApiVersion,
  result: z.looseObject({}).optional().describe('Only with SUCCESS'),
});
export const LegacyCancelled = z.object({ success: z.literal(true) });

export const Report = TestReport;
