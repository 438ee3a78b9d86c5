import { AltsError } from '../contracts/errors.ts';

/** True for an error of the operating system with that code, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

/** Runs one operation on the file system, and says in our words why it failed. */
export async function onDisk<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    const code = hasCode(cause, 'ENOSPC', 'EDQUOT') ? 'disk_full' : 'store_unavailable';
    throw new AltsError(code, `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
