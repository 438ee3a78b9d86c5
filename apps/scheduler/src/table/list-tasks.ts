import type { Kysely } from 'kysely';
import type { Database, TaskRow, TaskState } from './schema.ts';

/** Which tasks are asked for; left out: any. */
export interface TaskFilter {
  readonly state?: TaskState | undefined;
  readonly verdict?: TaskRow['verdict'] | undefined;
  readonly package?: string | undefined;
  /** `debian`, `debian:12` or `debian:12/x86_64`. */
  readonly system?: string | undefined;
  /** Accepted at or after, and before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** What comes behind this one. */
  readonly after?: { readonly acceptedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** The newest first. */
export function listTasks(db: Kysely<Database>, { after, limit, ...filter }: TaskFilter) {
  let query = db.selectFrom('tasks').selectAll();
  for (const [column, operator, value] of conditions(filter)) {
    if (value !== undefined) query = query.where(column, operator, value);
  }
  if (after) {
    query = query.where((each) =>
      each.or([
        each('accepted_at', '<', after.acceptedAt),
        each.and([each('accepted_at', '=', after.acceptedAt), each('id', '<', after.id)]),
      ]),
    );
  }
  return query.orderBy('accepted_at', 'desc').orderBy('id', 'desc').limit(limit);
}

function conditions({ state, verdict, package: name, system, since, until }: Omit<TaskFilter, 'after' | 'limit'>) {
  const [, distribution, version, architecture] = /^([^:/]*)(?::([^/]*))?(?:\/(.*))?$/.exec(system ?? '') ?? [];
  return [
    ['state', '=', state],
    ['verdict', '=', verdict],
    ['package', '=', name],
    ['distribution', '=', distribution || undefined],
    ['version', '=', version],
    ['architecture', '=', architecture],
    ['accepted_at', '>=', since],
    ['accepted_at', '<', until],
  ] as const;
}
