import type { TaskRow } from '../table/schema.ts';

/** A task as it is shown, in lists and alone. Null is what is not known, or not yet. */
export function taskView(task: TaskRow) {
  return {
    id: task.id,
    externalId: task.external_id,
    state: task.state,
    verdict: task.verdict,
    attempt: task.attempt,
    queue: task.queue,
    package: task.package,
    system: { distribution: task.distribution, version: task.version, architecture: task.architecture },
    worker: task.worker,
    error: task.error === null ? null : (JSON.parse(task.error) as { code: string; message: string }),
    rerunOf: task.rerun_of,
    cancelReason: task.cancel_reason,
    acceptedAt: task.accepted_at,
    queuedAt: task.queued_at,
    startedAt: task.started_at,
    finishedAt: task.finished_at,
    links: {
      self: `/tasks/${task.id}`,
      events: `/tasks/${task.id}/events`,
      artifacts: `/tasks/${task.id}/artifacts`,
      ...(task.summary !== null && { report: `/tasks/${task.id}/artifacts/report.json` }),
    },
  };
}
