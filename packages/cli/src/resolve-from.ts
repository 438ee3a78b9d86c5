import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** In the order in which Node prefers them for `import`, but for the order within the package, which decides. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default']);

/**
 * The URL of an installed package's main module, looked for upwards from a directory, then beside this command. By hand,
 * because `import.meta.resolve` knows no other place than its own, and `require.resolve` refuses packages that are for
 * `import` only.
 */
export function resolveFrom(name: string, directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const root = join(at, 'node_modules', name);
    if (existsSync(join(root, 'package.json'))) return mainOf(root);
    if (dirname(at) === at) break;
  }
  try {
    const url = import.meta.resolve(name);
    return url.startsWith('file:') ? url : undefined;
  } catch {
    return undefined;
  }
}

function mainOf(root: string): string | undefined {
  const manifest: { exports?: unknown; main?: unknown } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { exports, main } = manifest;
  const entry = typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports;
  const target = exports === undefined ? (main ?? 'index.js') : choose(entry);
  return typeof target === 'string' ? pathToFileURL(join(root, target)).href : undefined;
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
