import type { DeclaredDependencies } from '../contracts/elf.ts';

/** An installed package, in words that both families have. */
export interface GraphPackage {
  readonly name: string;
  /** Names under which others may depend on it; its own is one. */
  readonly provides: readonly string[];
  /** Names, all alternatives in one list: those that are installed count. */
  readonly requires: readonly string[];
  readonly optional: readonly string[];
  readonly essential: boolean;
  /** Source and its version; undefined: not said. */
  readonly source: string | undefined;
}

/** Follows dependencies from the package under test, and from what every system has. Versions do not matter here. */
export function declaredDependencies(name: string, packages: readonly GraphPackage[]): DeclaredDependencies {
  const providers = new Map<string, Set<string>>();
  const requires = new Map<string, Set<string>>();
  for (const each of packages) {
    for (const provided of [each.name, ...each.provides]) addTo(providers, provided, [each.name]);
    addTo(requires, each.name, each.requires);
  }
  const reach = (starts: readonly string[]): string[] => {
    const reached = new Set<string>();
    const waiting = [...starts];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      for (const required of requires.get(next) ?? []) waiting.push(...(providers.get(required) ?? []));
    }
    return [...reached].sort();
  };
  const own = packages.filter((each) => each.name === name);
  const sources = new Set(own.flatMap(({ source }) => source ?? []));
  const isSameSource = ({ source }: GraphPackage) => source !== undefined && sources.has(source);
  return {
    reachable: reach([name]),
    essential: reach(packages.flatMap((each) => (each.essential ? [each.name] : []))),
    sameSource: unique(packages.filter(isSameSource).map((each) => each.name)),
    optional: unique(own.flatMap(({ optional }) => optional)).filter((other) => !providers.has(other)),
  };
}

function addTo(map: Map<string, Set<string>>, key: string, values: Iterable<string>): void {
  const known = map.get(key);
  if (!known) map.set(key, new Set(values));
  else for (const value of values) known.add(value);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
