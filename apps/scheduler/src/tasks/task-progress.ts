import { AltsError, TestEvent, type TestReport } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import type { KeptEvent } from '../table/event-table.ts';
import type { TaskRow } from '../table/schema.ts';
import { readReport } from './settle.ts';

export interface StageProgress {
  readonly attempt: number;
  readonly name: string;
  readonly status: 'running' | TestReport['stages'][number]['status'];
  readonly durationMs: number | null;
}

/** How far a task is. */
export interface TaskProgress {
  /** Of every attempt, in the order in which they began. */
  readonly stages: readonly StageProgress[];
  /** Of the latest attempt. */
  readonly findings: TestReport['findings'];
}

/** From what was heard, while it runs and as long as that is kept; after that from the report. */
export async function progressOf(
  { events, store, log }: Pick<SchedulerParts, 'events' | 'store' | 'log'>,
  task: TaskRow,
): Promise<TaskProgress> {
  const heard = progressOfEvents(await events.told(task.id));
  if (heard.stages.length > 0 || task.state !== 'finished') return heard;
  try {
    const stored = await readReport(store, task.id);
    return stored && 'report' in stored ? progressOfReport(stored.report, task.attempt) : heard;
  } catch (error) {
    if (!AltsError.is(error)) throw error;
    log.warn({ taskId: task.id, error }, 'the report of a task cannot be read');
    return heard;
  }
}

function progressOfEvents(kept: readonly KeptEvent[]): TaskProgress {
  const stages = new Map<string, StageProgress>();
  const findings = new Map<number, TestReport['findings']>();
  let latest = 0;
  for (const { attempt, event } of kept) {
    const told = TestEvent.safeParse(JSON.parse(event)).data;
    latest = Math.max(latest, attempt);
    if (told?.type === 'stage-started') {
      const { stage: name } = told;
      stages.set(`${attempt} ${name}`, { attempt, name, status: 'running', durationMs: null });
    } else if (told?.type === 'stage-finished') {
      const { name, status } = told.result;
      const durationMs = 'durationMs' in told.result ? told.result.durationMs : null;
      stages.set(`${attempt} ${name}`, { attempt, name, status, durationMs });
    } else if (told?.type === 'finding') {
      findings.set(attempt, [...(findings.get(attempt) ?? []), told.finding]);
    }
  }
  return { stages: [...stages.values()], findings: findings.get(latest) ?? [] };
}

function progressOfReport({ stages, findings }: TestReport, attempt: number): TaskProgress {
  const shown = stages.map((stage) => ({
    attempt: Math.max(attempt, 1),
    name: stage.name,
    status: stage.status,
    durationMs: 'durationMs' in stage ? stage.durationMs : null,
  }));
  return { stages: shown, findings };
}
