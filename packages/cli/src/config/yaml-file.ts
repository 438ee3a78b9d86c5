import { readFile } from 'node:fs/promises';
import { AltsError } from '@alts/sdk/plugin';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A configuration as it is written, with the places of all that is in it. */
export interface YamlFile {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** @throws {AltsError} `invalid_request` for a file that cannot be read or is no YAML */
export async function readYamlFile(path: string): Promise<YamlFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(`-c: cannot read "${path}" (${error.code ?? error.message})`, error);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) throw refuse(`${path}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message.split('\n')[0]}`);
  return { path, document, lines };
}

/**
 * All that is wrong in a file, a line for each.
 * @param origin what a key that is not in the file was made of
 */
export function refuseIssues(
  file: YamlFile,
  { issues }: z.core.$ZodError,
  origin: (path: readonly string[]) => readonly string[] | undefined = () => undefined,
): AltsError {
  const lines = issues.map((issue) => {
    const { path, message } = deepest(issue);
    const own = path.map(String);
    const from = origin(own);
    return from ? at(file, from, `${message} (${own.join('.')})`) : at(file, own, message);
  });
  return refuse(lines.join('\n'));
}

const refuse = (message: string, cause?: unknown): AltsError => new AltsError('invalid_request', message, { cause });

/** `fleet.yaml:12: scheduler.port: …`; of what is missing the line of what it is missing in. */
function at({ path, document, lines }: YamlFile, key: readonly string[], message: string): string {
  for (let depth = key.length; depth >= 0; depth -= 1) {
    const node = document.getIn(key.slice(0, depth), true) as { range?: readonly [number, ...number[]] } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return `${path}:${lines.linePos(start).line}: ${key.join('.') || 'file'}: ${message}`;
  }
  return `${path}: ${key.join('.') || 'file'}: ${message}`;
}

/** Of a union the branch that got furthest: what is wrong in it says more than that nothing fits. */
function deepest(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string } {
  if (issue.code !== 'invalid_union') return issue;
  const [first] = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return first ? { path: [...issue.path, ...first.path], message: first.message } : issue;
}
