import type { Lease } from '@alts/sdk/plugin';

/** By this label a container is ours. */
export const TASK_LABEL = 'org.alts.lease.task';
const OWNER_LABEL = 'org.alts.lease.owner';
const DEADLINE_LABEL = 'org.alts.lease.deadline';

/** The lease, as labels: in the very call that creates the container. */
export function labelsOf({ taskId, owner, deadline }: Lease): Record<string, string> {
  return { [TASK_LABEL]: taskId, [OWNER_LABEL]: owner, [DEADLINE_LABEL]: deadline.toISOString() };
}

export function leaseOf(labels: Readonly<Record<string, string>>): Lease {
  const deadline = new Date(labels[DEADLINE_LABEL] ?? 0);
  return {
    taskId: labels[TASK_LABEL] ?? '',
    owner: labels[OWNER_LABEL] ?? '',
    // A deadline that cannot be read is one that has passed: nothing else could ever end such a container.
    deadline: Number.isNaN(deadline.getTime()) ? new Date(0) : deadline,
  };
}
