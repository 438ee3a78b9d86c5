import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AltsError } from '@alts/sdk/plugin';
import { type Document, LineCounter, parse, parseDocument } from 'yaml';
import type { z } from 'zod';
import { overrides } from './environment-overrides.ts';
import { FleetConfig } from './fleet-config.ts';
import { withPluginNames } from './plugin-names.ts';
import { withSecretFiles } from './secret-files.ts';

const refuse = (message: string, cause?: unknown): AltsError => new AltsError('invalid_request', message, { cause });

/**
 * Reads the configuration of the fleet: a file of YAML, then what the environment says otherwise (`ALTS_SCHEDULER__PORT`),
 * then secrets from files (`secret_file`).
 * @throws {AltsError} `invalid_request` that names file, line, key, and what would be right
 */
export async function readConfig(path: string, env: NodeJS.ProcessEnv = process.env): Promise<FleetConfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(`-c: cannot read "${path}" (${error.code ?? error.message})`, error);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) throw refuse(`${path}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message.split('\n')[0]}`);
  const written: unknown = overrides(document.toJS() ?? {}, env, (value) => parse(value) as unknown);
  const complete = await withSecretFiles(written, (file) => resolve(dirname(path), file));
  const parsed = FleetConfig.safeParse(complete);
  if (parsed.success) return withPluginNames(parsed.data);
  throw refuse(parsed.error.issues.map((issue) => describe(issue, { path, document, lines })).join('\n'));
}

interface Place {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** `fleet.yaml:12: scheduler.port: …`; of what is missing the line of what it is missing in. */
function describe(issue: z.core.$ZodIssue, { path, document, lines }: Place): string {
  const at = deepest(issue).path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  for (let depth = at.length; depth >= 0; depth -= 1) {
    const node = document.getIn(at.slice(0, depth), true) as { range?: readonly [number, ...number[]] } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined)
      return `${path}:${lines.linePos(start).line}: ${at.join('.') || 'file'}: ${deepest(issue).message}`;
  }
  return `${path}: ${at.join('.') || 'file'}: ${deepest(issue).message}`;
}

/** Of a union the branch that got furthest: what is wrong in it says more than that nothing fits. */
function deepest(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string } {
  if (issue.code !== 'invalid_union') return issue;
  const [first] = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return first ? { path: [...issue.path, ...first.path], message: first.message } : issue;
}
