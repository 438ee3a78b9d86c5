import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
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

type Each = ExpressionBuilder<Database, 'tasks'>;

/** The newest first. Conditions are written so that SQLite, which counts nothing, takes the best index for them. */
export function listTasks(db: Kysely<Database>, filter: TaskFilter) {
  return db
    .selectFrom('tasks')
    .selectAll()
    .where((each) =>
      each.and([
        ...byState(each, filter),
        ...byVerdict(each, filter),
        ...bySystem(each, filter),
        ...byTime(each, filter),
        ...(filter.package === undefined ? [] : [each('package', '=', filter.package)]),
      ]),
    )
    .orderBy('accepted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit);
}

/** The index is of tasks without a verdict; all others are finished, and they are most. */
function byState(each: Each, { state }: TaskFilter): Expression<SqlBool>[] {
  if (state === undefined) return [];
  if (state === 'finished') return [each('verdict', 'is not', null)];
  return [each('state', '=', state), each('verdict', 'is', null)];
}

/** Of one package there are fewer tasks than of one verdict: its index is to be used. */
function byVerdict(each: Each, { verdict, package: name }: TaskFilter): Expression<SqlBool>[] {
  if (verdict === undefined) return [];
  return [name === undefined ? each('verdict', '=', verdict) : sql<SqlBool>`coalesce(verdict, '') = ${verdict}`];
}

function bySystem(each: Each, { system = '' }: TaskFilter): Expression<SqlBool>[] {
  const [, distribution, version, architecture] = /^([^:/]*)(?::([^/]*))?(?:\/(.*))?$/.exec(system) ?? [];
  return [
    ...(distribution ? [each('distribution', '=', distribution)] : []),
    ...(version === undefined ? [] : [each('version', '=', version)]),
    ...(architecture === undefined ? [] : [each('architecture', '=', architecture)]),
  ];
}

function byTime(each: Each, { since, until, after }: TaskFilter): Expression<SqlBool>[] {
  return [
    ...(since === undefined ? [] : [each('accepted_at', '>=', since)]),
    ...(until === undefined ? [] : [each('accepted_at', '<', until)]),
    ...(after === undefined ? [] : [sql<SqlBool>`(accepted_at, id) < (${after.acceptedAt}, ${after.id})`]),
  ];
}
