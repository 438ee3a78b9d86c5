import type { Problem } from './problems.ts';
import type { YamlFile } from './yaml-file.ts';

/** A problem with its place before it: `fleet.yaml:12: scheduler.port: …`. */
export type Locate = (problem: Problem) => string;

/** What a configuration is made of besides its file. */
export interface Sources {
  /** What is said otherwise: by variables of the environment, on the command line. */
  readonly overrides?: readonly { readonly name: string; readonly path: readonly string[] }[];
  /** The key of the file that a key of the new form was made of. */
  readonly origin?: (path: readonly string[]) => readonly string[] | undefined;
}

/** Says where things are: by the name of a variable, by a key that the file has in another form, or by a line of the file. */
export function locator(file: YamlFile, { overrides = [], origin = () => undefined }: Sources = {}): Locate {
  return ({ path, place = path, message }) => {
    const key = path.join('.') || 'file';
    const said =
      overrides.findLast((override) => begins(place, override.path)) ??
      overrides.findLast((override) => begins(override.path, place) && !file.document.hasIn(place));
    if (said) return `${said.name}: ${key}: ${message}`;
    const from = origin(path) ?? origin(fromFile(path));
    if (from) return `${at(file, from)}: ${from.join('.')}: ${message} (${key})`;
    return `${at(file, place)}: ${key}: ${message}`;
  };
}

/** Whether a key is below another one, or is the same; `secret_file` is the same as `secret`. */
export function begins(path: readonly string[], other: readonly string[]): boolean {
  return other.every((key, index) => bare(key) === bare(path[index] ?? ''));
}

const bare = (key: string): string => key.replace(/_file$/, '');
const fromFile = (path: readonly string[]): string[] => [...path.slice(0, -1), `${path.at(-1)}_file`];

/** `fleet.yaml:12`; of what is missing the line of what it is missing in. */
function at({ path, document, lines }: YamlFile, key: readonly string[]): string {
  for (let depth = key.length; depth >= 0; depth -= 1) {
    const above = key.slice(0, depth);
    const node = [above, ...(depth > 0 ? [fromFile(above)] : [])]
      .map((keys) => document.getIn(keys, true) as { range?: readonly [number, ...number[]] } | undefined)
      .find((found) => found?.range !== undefined);
    const start = node?.range?.[0];
    if (start !== undefined) return `${path}:${lines.linePos(start).line}`;
  }
  return path;
}
