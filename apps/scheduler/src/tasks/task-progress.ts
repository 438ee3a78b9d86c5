import { TestEvent, type TestReport } from '@alts/sdk/plugin';
import type { SchedulerParts } from '../parts.ts';
import type { KeptEvent } from '../table/event-table.ts';
import type { TaskRow } from '../table/schema.ts';
import { type Attempt, attemptsOf } from './attempts.ts';

export interface StageProgress {
  readonly attempt: number;
  readonly name: string;
  readonly status: 'running' | TestReport['stages'][number]['status'];
  readonly durationMs: number | null;
}

/** How far a task is. */
export interface TaskProgress {
  readonly attempts: readonly Attempt[];
  /** Of every attempt, in the order in which they began. */
  readonly stages: readonly StageProgress[];
  /** Of the latest attempt. */
  readonly findings: TestReport['findings'];
}

type Heard = Pick<TaskProgress, 'stages' | 'findings'>;

/** From the reports of attempts that have one; of others from what was heard of them, as long as that is kept. */
export async function progressOf(
  parts: Pick<SchedulerParts, 'events' | 'store' | 'log'>,
  task: TaskRow,
): Promise<TaskProgress> {
  const [kept, attempts] = await Promise.all([parts.events.told(task.id), attemptsOf(parts, task)]);
  const heard = progressOfEvents(kept);
  const reports = new Map(attempts.flatMap(({ attempt, left }) => (left ? [[attempt, left.report]] : [])));
  const numbers = new Set([...heard.stages.map(({ attempt }) => attempt), ...reports.keys()]);
  const stages = [...numbers]
    .sort((one, other) => one - other)
    .flatMap((attempt) => {
      const report = reports.get(attempt);
      return report ? stagesOf(report, attempt) : heard.stages.filter((stage) => stage.attempt === attempt);
    });
  return {
    attempts,
    stages: task.state === 'finished' ? stages.map((stage) => ended(stage, task)) : stages,
    findings: reports.get(task.attempt)?.findings ?? heard.findings,
  };
}

/** Of a stage whose end nobody told it is known that there was one: it was stopped, or its environment is gone. */
function ended(stage: StageProgress, { verdict, attempt }: TaskRow): StageProgress {
  if (stage.status !== 'running') return stage;
  return { ...stage, status: verdict === 'cancelled' && stage.attempt >= attempt ? 'cancelled' : 'error' };
}

function progressOfEvents(kept: readonly KeptEvent[]): Heard {
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

function stagesOf({ stages }: TestReport, attempt: number): StageProgress[] {
  return stages.map((stage) => ({
    attempt,
    name: stage.name,
    status: stage.status,
    durationMs: 'durationMs' in stage ? stage.durationMs : null,
  }));
}
