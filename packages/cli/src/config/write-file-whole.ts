import { rename, rm, writeFile } from 'node:fs/promises';
import { AltsError } from '@alts/sdk/plugin';

/**
 * Writes a file in one step: others see what was there before or all of the new one, and never with the old one's mode.
 * @param mode left out: what the umask leaves of 0666
 * @throws {AltsError} `invalid_request`
 */
export async function writeFileWhole(path: string, text: string, mode?: number): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await writeFile(temporary, text, { flag: 'wx', ...(mode !== undefined && { mode }) });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new AltsError('invalid_request', `cannot write "${path}" (${code})`, { cause: error });
  }
}
