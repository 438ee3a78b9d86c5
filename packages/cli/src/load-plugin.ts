import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AltsError } from '@alts/sdk/plugin';
import { resolveFrom } from './resolve-from.ts';

/** npm's rule for names, scope and all; then what a package exports besides: `@example/queue/broadcast`. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/[a-z0-9~-][a-z0-9._~-]*)*$/;
const isPath = (name: string): boolean => /^\.{0,2}\//.test(name) || /\.[cm]?[jt]s$/.test(name);

/** What packages of each kind are called: `@alts/runner-x`, `alts-runner-x`. */
const PREFIXES = {
  runner: 'runner',
  queue: 'queue',
  broadcast: 'broadcast',
  'result-store': 'storage',
  checker: 'checker',
} as const;
export type PluginKind = keyof typeof PREFIXES;

export interface PluginName {
  readonly kind: PluginKind;
  /** A short name, a package, or a path. */
  readonly name: string;
  /** How the user wrote it, for messages: `--runner "x"`. */
  readonly what: string;
  /** Built-in ones, for messages. */
  readonly known: readonly string[];
}

/**
 * The default export of a plugin that is not built in: of a file, or of a package that is installed where the command is
 * run, or beside the command. A short name `x` stands for `@alts/runner-x`, `alts-runner-x` or `x`.
 * @throws {AltsError} `invalid_plugin`
 */
export async function loadPlugin({ kind, name, what, known }: PluginName, cwd: string): Promise<unknown> {
  if (isPath(name)) {
    const file = resolve(cwd, name);
    if (!existsSync(file)) throw new AltsError('invalid_plugin', `${what}: there is no such file`);
    return importDefault(pathToFileURL(file).href, what);
  }
  const candidates = PACKAGE_NAME.test(name) ? packagesFor(name, PREFIXES[kind]) : [];
  for (const candidate of candidates) {
    const url = resolveFrom(candidate, cwd);
    if (url) return importDefault(url, what);
  }
  const tried = candidates.length > 0 ? `; no package ${candidates.join(', ')} is installed` : '';
  const instead = known.length > 0 ? `built in: ${known.join(', ')}; or give` : 'give';
  throw new AltsError(
    'invalid_plugin',
    `${what}: unknown ${kind}${tried}; ${instead} a package, or the path of a file`,
  );
}

function packagesFor(name: string, prefix: string): string[] {
  return name.includes('/') ? [name] : [`@alts/${prefix}-${name}`, `alts-${prefix}-${name}`, name];
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
