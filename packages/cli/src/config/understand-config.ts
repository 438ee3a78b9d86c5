import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { overrides } from './environment-overrides.ts';
import { FleetConfig } from './fleet-config.ts';
import { withPluginNames } from './plugin-names.ts';
import { type FromPython, fromPythonConfig } from './python/from-python-config.ts';
import { isPythonConfig } from './python/is-python-config.ts';
import type { Note } from './python/note.ts';
import { withSecretFiles } from './secret-files.ts';
import { readYamlFile, refuseIssues, type YamlFile } from './yaml-file.ts';

/** What was understood of a file. */
export interface Understood {
  readonly config: FleetConfig;
  /** What became of each key of a configuration of the Python system; undefined for the new form. */
  readonly notes: readonly Note[] | undefined;
}

/**
 * Reads the configuration of the fleet: a file of YAML, in the new form or that of the Python system; then what the
 * environment says otherwise, in the new form's names (`ALTS_SCHEDULER__PORT`); then secrets from files (`secret_file`).
 * @throws {AltsError} `invalid_request` that names file, line, key, and what would be right
 */
export async function understandConfig(path: string, env: NodeJS.ProcessEnv): Promise<Understood> {
  const file = await readYamlFile(path);
  const document: unknown = file.document.toJS() ?? {};
  const python = isPythonConfig(document, path) ? await translateFile(file, document) : undefined;
  const origin = originOf(python?.notes ?? []);
  const written = overrides(python?.config ?? document, env, (value) => parse(value) as unknown);
  const complete = await withSecretFiles(written, locatedBeside(path), {
    called: (key) => origin(key.split('.'))?.join('.') ?? key,
  });
  const parsed = FleetConfig.safeParse(complete);
  if (!parsed.success) throw refuseIssues(file, parsed.error, origin);
  return { config: withPluginNames(parsed.data), notes: python?.notes };
}

/**
 * A configuration of the Python system in the new form, with secrets from files in it (`jwt_secret_file`).
 * @throws {AltsError} `invalid_request`
 */
export async function translateFile(file: YamlFile, document: unknown): Promise<FromPython> {
  const complete = await withSecretFiles(document, locatedBeside(file.path));
  try {
    return fromPythonConfig(complete);
  } catch (error) {
    throw error instanceof z.ZodError ? refuseIssues(file, error) : error;
  }
}

const locatedBeside =
  (path: string) =>
  (file: string): string =>
    resolve(dirname(path), file);

/** The key of the Python system that a key of the new form was made of. */
export function originOf(notes: readonly Note[]): (path: readonly string[]) => readonly string[] | undefined {
  return (path) => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const key = path.slice(0, depth).join('.');
      const note = notes.find(({ becomes, kind }) => becomes === key && kind !== 'ignored' && kind !== 'obsolete');
      if (note) return note.path.split('.');
    }
    return undefined;
  };
}
