import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalSuite, SuiteTarget } from '../contracts/suite-plan.ts';

/** A file by its content, or more of it. */
export type SuiteFile =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly mode: number; readonly text: string };

/** A suite in a directory of its own, which goes with it. */
export async function suiteOf(files: Readonly<Record<string, SuiteFile>>, dir = ''): Promise<LocalSuite> {
  const root = await mkdtemp(join(tmpdir(), 'alts-suite-'));
  for (const [name, file] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof file === 'string' || file instanceof Uint8Array) await writeFile(path, file);
    else if ('link' in file) await symlink(file.link, path);
    else {
      await writeFile(path, file.text);
      await chmod(path, file.mode);
    }
  }
  const remove = () => rm(root, { recursive: true });
  return { root, dir, name: 'suite', source: 'a suite of this test', [Symbol.asyncDispose]: remove };
}

/** Debian 12 in a container. */
export const CONTAINER: SuiteTarget = {
  package: 'hello',
  family: 'deb',
  architecture: 'amd64',
  distribution: 'debian',
  version: '12',
  canReboot: false,
  hasInventory: false,
  isMachine: false,
};
