import type { Attempt } from '../tasks/attempts.ts';

/** An attempt as it is shown, with the place of its report. */
export function attemptView(taskId: string, { left, ...attempt }: Attempt) {
  return { ...attempt, links: left ? { report: `/tasks/${taskId}/artifacts/${left.name}` } : {} };
}
