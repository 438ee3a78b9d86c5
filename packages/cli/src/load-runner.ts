import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AltsError } from '@alts/sdk/plugin';
import { resolveFrom } from './resolve-from.ts';

/** npm's rule for names, scope and all. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const isPath = (name: string): boolean => /^\.{0,2}\//.test(name) || /\.[cm]?[jt]s$/.test(name);

/**
 * The default export of a runner plugin that is not built in: of a file, or of a package that is installed where the
 * command is run, or beside the command. A short name `x` stands for `@alts/runner-x`, `alts-runner-x` or `x`.
 * @param known names of built-in runners, for the message
 * @throws {AltsError} `invalid_plugin`
 */
export async function loadPlugin(name: string, cwd: string, known: readonly string[]): Promise<unknown> {
  const what = `--runner ${JSON.stringify(name)}`;
  if (isPath(name)) {
    const file = resolve(cwd, name);
    if (!existsSync(file)) throw new AltsError('invalid_plugin', `${what}: there is no such file`);
    return importDefault(pathToFileURL(file).href, what);
  }
  const candidates = PACKAGE_NAME.test(name) ? packagesFor(name) : [];
  for (const candidate of candidates) {
    const url = resolveFrom(candidate, cwd);
    if (url) return importDefault(url, what);
  }
  const tried = candidates.length > 0 ? `; no package ${candidates.join(', ')} is installed` : '';
  throw new AltsError(
    'invalid_plugin',
    `${what}: unknown runner${tried}; built in: ${known.join(', ')}; or give a package, or the path of a file`,
  );
}

function packagesFor(name: string): string[] {
  return name.startsWith('@') ? [name] : [`@alts/runner-${name}`, `alts-runner-${name}`, name];
}

async function importDefault(url: string, what: string): Promise<unknown> {
  try {
    const loaded: { default?: unknown } = await import(url);
    return loaded.default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AltsError('invalid_plugin', `${what} cannot be loaded: ${why}`, { cause });
  }
}
