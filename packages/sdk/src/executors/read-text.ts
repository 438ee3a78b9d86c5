import { readFile, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';

const MAX_BYTES = 1024 * 1024;
const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG', 'EISDIR']);

/**
 * A text of the suite, of at most 1 MiB; other bytes than UTF-8 become U+FFFD.
 * @returns undefined: there is none, it is larger, or it leads out of the suite
 */
export async function readText(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    if (!real.startsWith((await realpath(root)) + sep)) return undefined;
    const found = await stat(real);
    return found.isFile() && found.size <= MAX_BYTES ? await readFile(real, 'utf8') : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && MISSING.has(`${error.code}`)) return undefined;
    throw error;
  }
}
