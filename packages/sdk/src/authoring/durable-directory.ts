import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Resolves when the names in a directory are on the disk: what a file is called is kept there, and is lost with the power
 * although the file itself is written. Windows cannot open directories, and does not need this.
 */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory with all above it, and resolves when the names of those that are new are on the disk. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(resolve(path), { recursive: true });
  if (first === undefined) return;
  for (let made = resolve(path); ; made = dirname(made)) {
    await syncDirectory(dirname(made));
    if (made === resolve(first)) return;
  }
}
