import { nearest } from '@alts/sdk';
import { AltsError } from '@alts/sdk/plugin';
import type { z } from 'zod';
import type { Locate } from './places.ts';
import { branchesOf, keysOf, schemaAt } from './schema-keys.ts';

/** One thing that is wrong in a configuration. */
export interface Problem {
  /** What is wrong. */
  readonly path: readonly string[];
  /** What stands where it is wrong; default: the same. */
  readonly place?: readonly string[];
  readonly message: string;
}

/** An issue of a schema, with what it is about. */
export interface Deepest {
  readonly issue: z.core.$ZodIssue;
  readonly path: readonly string[];
  readonly schema: unknown;
}

/**
 * Of a union what is wrong in the branch that got furthest: that says more than that nothing fits.
 * @param schema what was parsed by
 */
export function deepest(issue: z.core.$ZodIssue, schema: unknown): Deepest[] {
  const path = issue.path.map(String);
  const here = { issue, path, schema: schemaAt(schema, path) };
  if (issue.code !== 'invalid_union') return [here];
  // Another version of zod, which a plugin may bring, has them elsewhere.
  const { errors = [] } = issue;
  const [best] = [...errors.entries()].toSorted(([, a], [, b]) => a.length - b.length);
  if (best === undefined) return [here];
  const [index, issues] = best;
  return issues
    .flatMap((each) => deepest(each, branchesOf(here.schema)[index]))
    .map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
}

/**
 * What a schema found, each with its place.
 * @param above the path of what was parsed
 */
export function problemsOf({ issues }: z.core.$ZodError, schema: unknown, above: readonly string[] = []): Problem[] {
  const all = issues.flatMap((each) => deepest(each, schema));
  return all.flatMap(({ issue, path: own, schema: at }): Problem[] => {
    const path = [...above, ...own];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path, place: [...path, key], message: unknownKey(key, keysOf(at)) }));
    }
    const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
    return [{ path, message: (inner ?? issue).message }];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `unknown key ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
}

/** All that is wrong, a line for each. */
export function refuseProblems(problems: readonly Problem[], locate: Locate): AltsError {
  return new AltsError('invalid_request', problems.map((problem) => locate(problem)).join('\n'));
}
