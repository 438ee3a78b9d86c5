import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type Override, overridesIn, parseOverridden, withOverrides } from './environment-overrides.ts';
import { FleetConfig, SECTION_NAMES, type Section, schemaOf } from './fleet-config.ts';
import { checkParts } from './parts.ts';
import { begins, locator } from './places.ts';
import { withPluginNames } from './plugin-names.ts';
import { type Problem, problemsOf, refuseProblems } from './problems.ts';
import { type FromPython, fromPythonConfig } from './python/from-python-config.ts';
import { isPythonConfig } from './python/is-python-config.ts';
import type { Note } from './python/note.ts';
import { PythonConfig } from './python/python-config.ts';
import { withSecretFiles } from './secret-files.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** What was understood of a file. */
export interface Understood<Name extends Section = Section> {
  readonly config: Pick<FleetConfig, Name>;
  /** What became of each key of a configuration of the Python system; undefined for the new form. */
  readonly notes: readonly Note[] | undefined;
  /** Keys whose values are from files of secrets: `scheduler.token.secret`. */
  readonly secrets: readonly (readonly string[])[];
}

/** What a program wants of a configuration. */
export interface Wanted<Name extends Section> {
  /** Sections that it reads; default: all. No other one is looked at, nor are the files that one names. */
  readonly sections?: readonly Name[];
  /** What is said otherwise on the command line. */
  readonly said?: readonly Override[];
  /** Runners that it uses; default: all that the configuration names. */
  readonly runners?: (config: Pick<FleetConfig, Name>) => readonly string[];
}

/**
 * Reads the configuration of the fleet: a file of YAML, in the new form or that of the Python system; then what the
 * environment says otherwise, in the new form's names (`ALTS_SCHEDULER__PORT`); then secrets from files (`secret_file`).
 * Parts are checked by the schemas of their plugins, which are loaded for that.
 * @throws {AltsError} `invalid_request` that names file, line, key, and what would be right
 */
export async function understandConfig<Name extends Section = Section>(
  path: string,
  env: NodeJS.ProcessEnv,
  wanted: Wanted<Name> = {},
): Promise<Understood<Name>> {
  const { sections = SECTION_NAMES, said = [], runners } = wanted;
  const file = await readYamlFile(path);
  const python = isPythonConfig(file.content, path) ? await translateFile(file, sections) : undefined;
  const overrides = [...overridesIn(env), ...said].filter(({ path: [top = ''] }) => isWanted(top, sections));
  const written = withOverrides(only(python?.config ?? file.content, sections), overrides);
  const { value, secrets, problems } = await withSecretFiles(written, locatedBeside(path));
  const locate = locator(file, { overrides, origin: originOf(python?.notes ?? []) });
  const unread = [...(python?.problems ?? []), ...problems];
  const { result } = parseOverridden(schemaOf(sections), value, overrides);
  if (!result.success) throw refuseProblems(withUnread(unread, problemsOf(result.error, FleetConfig)), locate);
  const named = withPluginNames(result.data);
  const parts = await checkParts(named, overrides, runners?.(named as Pick<FleetConfig, Name>));
  const all = withUnread(unread, parts.problems);
  if (all.length > 0) throw refuseProblems(all, locate);
  return { config: parts.config as Pick<FleetConfig, Name>, notes: python?.notes, secrets };
}

/** What stands for a secret that was not read may not be right, and is not what is wrong. */
function withUnread(unread: readonly Problem[], found: readonly Problem[]): Problem[] {
  return [...unread, ...found.filter(({ path }) => !unread.some((one) => begins(path, one.path)))];
}

/** Sections that nobody knows are looked at, to say so. */
function isWanted(name: string, sections: readonly string[]): boolean {
  const known: readonly string[] = SECTION_NAMES;
  return sections.includes(name) || !known.includes(name);
}

function only(content: unknown, sections: readonly Section[]): unknown {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([name]) => isWanted(name, sections)));
}

/** Files of secrets of the Python system that only one section of the new form has. */
const SECTIONS_OF_SECRETS: Readonly<Record<string, readonly Section[]>> = {
  jwt_secret_file: ['scheduler'],
  bs_token_file: ['callbacks'],
};

/** A configuration of the Python system in the new form, and the files of secrets that could not be read. */
export interface Translation extends FromPython {
  readonly problems: readonly Problem[];
}

/**
 * A configuration of the Python system in the new form, with secrets from files in it (`jwt_secret_file`).
 * @param sections those whose secrets are wanted
 * @throws {AltsError} `invalid_request`
 */
export async function translateFile(
  file: YamlFile,
  sections: readonly Section[] = SECTION_NAMES,
): Promise<Translation> {
  const wanted = (key: string): boolean =>
    (SECTIONS_OF_SECRETS[key] ?? ['queue', 'store']).some((section) => sections.includes(section));
  const { value, problems } = await withSecretFiles(file.content, locatedBeside(file.path), wanted);
  try {
    return { ...fromPythonConfig(value), problems };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw refuseProblems(withUnread(problems, problemsOf(error, PythonConfig)), locator(file));
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
