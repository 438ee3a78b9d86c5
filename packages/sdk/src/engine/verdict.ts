import type { StageResult, Verdict } from '../contracts/report.ts';

/** That of the first stage that neither passed nor was skipped. The only place where a verdict is made. */
export function foldVerdict(stages: readonly StageResult[]): Verdict {
  for (const { status } of stages) {
    if (status !== 'passed' && status !== 'skipped') return status;
  }
  return 'passed';
}
