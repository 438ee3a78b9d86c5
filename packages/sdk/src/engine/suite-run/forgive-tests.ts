import type { LaterSnapshot, SystemSnapshot } from '../../contracts/snapshot.ts';

/**
 * What tests made, and nobody owns, was not made by the package: from now on it counts as what was there before it. What
 * they took away counts as what was not.
 * @param then before the tests
 * @param now after them
 */
export function forgiveTests(before: SystemSnapshot, then: SystemSnapshot, now: LaterSnapshot): SystemSnapshot {
  const files = new Map(before.files);
  for (const [path, file] of now.files) if (!then.files.has(path) && !now.owners.has(path)) files.set(path, file);
  for (const path of then.files.keys()) if (!now.files.has(path)) files.delete(path);
  const known = new Set(then.processes.map(({ pid, startedAt }) => `${pid} ${startedAt}`));
  const started = now.processes.filter(({ pid, startedAt }) => !known.has(`${pid} ${startedAt}`));
  return {
    ...before,
    files,
    users: withNew(before.users, then.users, now.users),
    groups: withNew(before.groups, then.groups, now.groups),
    alternatives: withNew(before.alternatives, then.alternatives, now.alternatives),
    diversions: [...before.diversions, ...now.diversions.filter((one) => !hasPath(then.diversions, one))],
    statOverrides: [...before.statOverrides, ...now.statOverrides.filter((one) => !hasPath(then.statOverrides, one))],
    processes: [...before.processes, ...started],
  };
}

function hasPath(list: readonly { readonly path: string }[], { path }: { readonly path: string }): boolean {
  return list.some((one) => one.path === path);
}

function withNew<T>(
  before: ReadonlyMap<string, T>,
  then: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const all = new Map(before);
  for (const [name, value] of now) if (!then.has(name)) all.set(name, value);
  return all;
}
