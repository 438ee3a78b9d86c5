import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AltsError } from '@alts/sdk/plugin';

/**
 * Makes the directory for results and what is missing above it: found out now, not when the first log is written.
 * @throws {AltsError} `invalid_request`
 */
export async function makeOutputDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(resolve(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AltsError('invalid_request', `--output: cannot make ${JSON.stringify(path)}: ${why}`, { cause });
  }
}

/**
 * Makes a directory and what is missing above it. Not `recursive: true`: below /proc, where mkdir(2) says ENOENT
 * although the parent is there, Node loops for ever.
 * @param path absolute
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const parent = dirname(path);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent);
    await mkdir(path);
  }
}
