import { AltsError } from '@alts/sdk/plugin';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { begins } from './places.ts';
import { type Deepest, deepest } from './problems.ts';

const PREFIX = 'ALTS_';

/** Something that is said otherwise than in the file. */
export interface Override {
  /** How it was said, for messages: `ALTS_SCHEDULER__PORT`, `--queues`. */
  readonly name: string;
  readonly path: readonly string[];
  /** Text is read as YAML where the schema wants something else. */
  readonly value: unknown;
}

/**
 * What the environment says otherwise: `ALTS_SCHEDULER__PORT=9000` is `scheduler.port`. Two underscores go a level down, one
 * stands before a letter that is large in the file: `ALTS_WORKER__MAX_ATTEMPTS`. Others are none of ours.
 * @throws {AltsError} `invalid_request` for one thing said twice, by itself and by a file
 */
export function overridesIn(env: NodeJS.ProcessEnv): Override[] {
  const found = Object.entries(env)
    .filter(([name, value]) => name.startsWith(PREFIX) && name.includes('__') && value !== undefined)
    .map(([name, value]) => ({ name, path: name.slice(PREFIX.length).split('__').map(camelCase), value }))
    .toSorted((a, b) => a.path.length - b.path.length);
  for (const { name, path } of found) {
    const other = found.find((each) => each.path.length === path.length && begins(each.path, path));
    if (other && other.name !== name) {
      throw new AltsError('invalid_request', `${name}: ${other.name} says the same; say one of the two`);
    }
  }
  return found;
}

function camelCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/_(file$)?([a-z0-9])?/g, (whole, file: string | undefined, letter: string | undefined) =>
      file === undefined ? (letter ?? '').toUpperCase() : whole,
    );
}

/** The configuration with what is said otherwise in it: as text where it is text, but for what others say something in. */
export function withOverrides(config: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce<unknown>((changed, override) => {
    const isAbove = overrides.some(({ path }) => path.length > override.path.length && begins(path, override.path));
    return withValue(changed, override.path, isAbove ? fromYaml(override.value) : override.value);
  }, config);
}

/** In the place of `secret_file`, too, where it is `secret`, and the other way round. */
export function withValue(config: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(config) && /^\d{1,4}$/.test(key)) {
    return Object.assign([...config], { [key]: withValue(config[Number(key)], rest, value) });
  }
  const fields = typeof config === 'object' && config !== null ? Object.entries(config) : [];
  const inner = fields.find(([name]) => name === key)?.[1];
  const others = rest.length > 0 ? fields : fields.filter(([name]) => name === key || !begins([name], [key]));
  return { ...Object.fromEntries(others), [key]: withValue(inner, rest, value) };
}

/** What came of a schema and a value, part of which may have been said as text. */
export interface ParsedOverrides<Output> {
  readonly result: z.ZodSafeParseResult<Output>;
  /** What was parsed at last. */
  readonly value: unknown;
}

/**
 * Checks a value. Text of overrides stays as it is where the schema takes it: `@abc`, `0123` and `a #b` are passwords. Where
 * the schema wants something else the text is read as YAML: a number, `true`, a list, a map.
 * @param above the path of the value
 */
export function parseOverridden<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  overrides: readonly Override[],
  above: readonly string[] = [],
): ParsedOverrides<Output> {
  const result = schema.safeParse(value);
  if (result.success) return { result, value };
  const wrong = result.error.issues.flatMap((issue) => deepest(issue, schema));
  const refused = overrides
    .filter(({ path }) => begins(path, above))
    .map((override) => ({ ...override, path: override.path.slice(above.length) }))
    .filter(({ path }) => typeof valueAt(value, path) === 'string' && wrong.some((issue) => wantsAnother(issue, path)));
  if (refused.length === 0) return { result, value };
  const read = refused.reduce<unknown>(
    (changed, { path, value: text }) => withValue(changed, path, fromYaml(text)),
    value,
  );
  return { result: schema.safeParse(read), value: read };
}

/** Undefined also for a key that names a file: what that has is not what was said. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | null | undefined)?.[key], value);
}

/** Whether a value of another type would have been right at a path. */
function wantsAnother({ issue: { code }, path }: Deepest, at: readonly string[]): boolean {
  if (!begins(path, at)) return false;
  return path.length > at.length || code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union';
}

/** What is no YAML, or nothing to YAML, is the text itself. */
function fromYaml(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const document = parseDocument(value, { logLevel: 'silent' });
    return document.errors.length > 0 ? value : ((document.toJS() as unknown) ?? value);
  } catch {
    return value;
  }
}
