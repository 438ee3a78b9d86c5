import { AltsError, TestReport } from '@alts/sdk/plugin';
import { z } from 'zod';
import type { SchedulerParts } from '../parts.ts';
import type { TaskRow } from '../table/schema.ts';

/** One try at a task; null is what is not known, or not yet. */
export interface Attempt {
  /** From 1. */
  readonly attempt: number;
  readonly worker: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly verdict: TaskRow['verdict'];
  readonly error: { readonly code: string; readonly message: string } | null;
  /** What it has left, and under which name; undefined: nothing, or it is not over. */
  readonly left?: { readonly name: string; readonly report: TestReport } | undefined;
}

/** Where a task had more attempts, these are the last of them. */
const MOST = 20;
/** What a worker writes down when it begins: `attempt-2.json`. */
const Note = z.object({ worker: z.string(), startedAt: z.iso.datetime() });

type Parts = Pick<SchedulerParts, 'store' | 'log'>;

/** The attempts of a task that were heard of, in their order: from what workers left in the store, and from the task table. */
export async function attemptsOf(parts: Parts, task: TaskRow): Promise<Attempt[]> {
  const first = Math.max(1, task.attempt - MOST + 1);
  const numbers = Array.from({ length: task.attempt - first + 1 }, (_, at) => first + at);
  return Promise.all(numbers.map((attempt) => attemptOf(parts, task, attempt)));
}

async function attemptOf(parts: Parts, task: TaskRow, attempt: number): Promise<Attempt> {
  const [note, left] = await Promise.all([
    read(parts, { taskId: task.id, name: `attempt-${attempt}.json` }, Note),
    leftBy(parts, task, attempt),
  ]);
  const report = left?.report;
  const known = attempt === task.attempt ? task : undefined;
  const error = report?.error ?? (known?.error ? (JSON.parse(known.error) as { code: string; message: string }) : null);
  return {
    attempt,
    worker: note?.worker ?? known?.worker ?? null,
    startedAt: report?.startedAt ?? note?.startedAt ?? known?.started_at ?? null,
    finishedAt: report ? endOf(report) : (known?.finished_at ?? null),
    verdict: report?.verdict ?? known?.verdict ?? null,
    error: error && { code: error.code, message: error.message },
    left,
  };
}

/** The last one of a task that is over may have left the task's own report; the others reports of their own. */
async function leftBy(parts: Parts, task: TaskRow, attempt: number): Promise<Attempt['left']> {
  const own = `report-attempt-${attempt}.json`;
  const names = attempt === task.attempt && task.state === 'finished' ? ['report.json', own] : [own];
  for (const name of names) {
    const report = await read(parts, { taskId: task.id, name }, TestReport);
    if (report) return { name, report };
  }
  return undefined;
}

const endOf = ({ startedAt, durationMs }: TestReport) => new Date(Date.parse(startedAt) + durationMs).toISOString();

/** Undefined: it is not there, or cannot be had, and what else is known is told without it. */
async function read<T>(
  { store, log }: Parts,
  key: { readonly taskId: string; readonly name: string },
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    const chunks = await Array.fromAsync(store.get(key));
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    if (AltsError.is(error) && error.code === 'artifact_not_found') return undefined;
    log.warn({ ...key, error }, 'what a task has left cannot be read');
    return undefined;
  }
}
