import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AltsError } from '@alts/sdk/plugin';
import { commentedYaml } from './commented-yaml.ts';
import { FleetConfig } from './fleet-config.ts';
import { locator } from './places.ts';
import { problemsOf, refuseProblems } from './problems.ts';
import { isPythonConfig } from './python/is-python-config.ts';
import { type Secret, secretsOf, withFilesFor } from './secrets-to-files.ts';
import { originOf, translateFile } from './understand-config.ts';
import { writeFileWhole } from './write-file-whole.ts';
import { readYamlFile } from './yaml-file.ts';

/** As commander hands them over. */
export interface ConvertOptions {
  /** Left out: to standard output. */
  readonly output?: string;
  readonly force?: true;
  readonly secretsDir?: string;
}

/** Only for the user who runs the programs. */
const PRIVATE = 0o600;

const refuse = (message: string, cause?: unknown): AltsError => new AltsError('invalid_request', message, { cause });

/**
 * Writes a configuration of the Python system in the new form; a line on standard error says what became of its secrets.
 * @throws {AltsError} `invalid_request` for what is wrong in it, and for files that are there already
 */
export async function convertConfig(path: string, options: ConvertOptions): Promise<void> {
  const { output, force, secretsDir } = options;
  const file = await readYamlFile(path);
  const { content } = file;
  if (!isPythonConfig(content, path)) throw refuse(`${path}: has no key of the Python system; it needs no conversion`);
  const { config, notes, problems } = await translateFile(file);
  const parsed = FleetConfig.safeParse(config);
  const wrong = [...problems, ...(parsed.error ? problemsOf(parsed.error, FleetConfig) : [])];
  if (wrong.length > 0) throw refuseProblems(wrong, locator(file, { origin: originOf(notes) }));
  const secrets = secretsOf(config);
  if (!secretsDir) assertNoSecretFiles(content, path);
  const files = secretsDir ? secrets.map((secret) => ({ ...secret, path: join(secretsDir, secret.name) })) : [];
  if (!force) assertFree([...(output ? [output] : []), ...files.map((secret) => secret.path)]);

  const moved = secretsDir ? withFilesFor(config, ({ name }) => named(join(secretsDir, name), output)) : config;
  const title = [`Made of ${basename(path)}, a configuration of the Python system, by "alts config convert".`];
  const text = commentedYaml(relocated(moved, path, output) as object, notes, title);
  if (secretsDir) await makePrivate(secretsDir);
  for (const secret of files) await writeFileWhole(secret.path, `${secret.value}\n`, PRIVATE);
  if (output) await writeFileWhole(output, text, secretsDir || secrets.length === 0 ? undefined : PRIVATE);
  else process.stdout.write(text);
  process.stderr.write(`alts: ${summary(secrets, options)}\n`);
}

/** They would stand in the new file as they are, though somebody took care to keep them out of the old one. */
function assertNoSecretFiles(document: unknown, path: string): void {
  const key = Object.entries(document as object)
    .flatMap(([name, value]) => [name, ...(name.endsWith('_config') && value ? Object.keys(value as object) : [])])
    .find((name) => name.endsWith('_file'));
  if (key !== undefined) throw refuse(`${path}: ${key}: say --secrets-dir, so that its secret stays in a file`);
}

function assertFree(paths: readonly string[]): void {
  const taken = paths.find((path) => existsSync(path));
  if (taken !== undefined) throw refuse(`${taken}: is there already; --force writes over it`);
}

/** A path as a configuration in `output` names it; of one on standard output nobody knows where it will be. */
function named(path: string, output: string | undefined): string {
  if (output === undefined) return resolve(path);
  return isAbsolute(path) ? path : relative(dirname(resolve(output)), resolve(path));
}

/** Files that were looked for beside the one file are named from where the other is. */
function relocated(value: unknown, from: string, output: string | undefined, key = ''): unknown {
  if (typeof value === 'string' && /^(ca|cert|key)_file$/.test(key) && !isAbsolute(value)) {
    return named(join(dirname(from), value), output);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, relocated(field, from, output, name)]));
}

async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`--secrets-dir: cannot make "${directory}" (${error.code})`, error);
  });
}

function summary(secrets: readonly Secret[], { output = 'the new form', secretsDir }: ConvertOptions): string {
  const names = secrets.map(({ name }) => name).join(', ');
  if (secrets.length === 0) return `${output}: has no secrets`;
  if (secretsDir) return `${output}: its secrets are in ${secretsDir}, for nobody else to read: ${names}`;
  return `${output}: has secrets as they were, keep it to yourself or say --secrets-dir: ${names}`;
}
