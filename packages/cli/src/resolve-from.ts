import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** In the order in which Node prefers them for `import`, but for the order within the package, which decides. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default']);

/** A package and, of what it exports, the rest of the name: `@example/queue` and `./broadcast`, `.` for its main module. */
const NAME = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/;

/**
 * The URL of a module of an installed package, its main one if the name has no more, looked for upwards from a directory, then beside this command. By hand,
 * because `import.meta.resolve` knows no other place than its own, and `require.resolve` refuses packages that are for
 * `import` only.
 */
export function resolveFrom(name: string, directory: string): string | undefined {
  const [, own = name, inside] = NAME.exec(name) ?? [];
  for (let at = directory; ; at = dirname(at)) {
    const root = join(at, 'node_modules', own);
    if (existsSync(join(root, 'package.json'))) return moduleOf(root, inside === undefined ? '.' : `./${inside}`);
    if (dirname(at) === at) break;
  }
  try {
    const url = import.meta.resolve(name);
    return url.startsWith('file:') ? url : undefined;
  } catch {
    return undefined;
  }
}

function moduleOf(root: string, path: string): string | undefined {
  const manifest: { exports?: unknown; main?: unknown } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { exports, main } = manifest;
  const target = exports === undefined ? (path === '.' ? (main ?? 'index.js') : path) : choose(entryOf(exports, path));
  return typeof target === 'string' ? pathToFileURL(join(root, target)).href : undefined;
}

/** What `exports` says of a module; where it has no paths it is about the main one. */
function entryOf(exports: unknown, path: string): unknown {
  const byPath = typeof exports === 'object' && exports !== null && '.' in exports;
  if (byPath) return (exports as Readonly<Record<string, unknown>>)[path];
  return path === '.' ? exports : undefined;
}

function choose(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (Array.isArray(entry)) return entry.map(choose).find((target) => target !== undefined);
  if (typeof entry !== 'object' || entry === null) return undefined;
  for (const [condition, value] of Object.entries(entry)) {
    const target = CONDITIONS.has(condition) ? choose(value) : undefined;
    if (target !== undefined) return target;
  }
  return undefined;
}
