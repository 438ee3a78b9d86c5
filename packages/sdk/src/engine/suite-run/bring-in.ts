import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '../../contracts/environment.ts';
import { AltsError } from '../../contracts/errors.ts';
import type { Shell } from '../../contracts/package-manager.ts';
import type { LocalSuite } from '../../contracts/suite-plan.ts';

/** Where scripts expect themselves: `/tests/<repository>/<dir>`. */
const TESTS = '/tests';
/** What a suite may consist of. */
const MAX_FILES = 100_000;
const MAX_BYTES = 512 * 1024 * 1024;
/** How much is in memory at a time. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_FILES = 2000;

/** Where a suite is in the environment. */
export interface SuitePlace {
  /** All of it. */
  readonly root: string;
  /** Its tests: their working directory. */
  readonly directory: string;
}

export function placeOf({ name, dir }: Pick<LocalSuite, 'name' | 'dir'>): SuitePlace {
  const root = `${TESTS}/${name}`;
  return { root, directory: dir === '' ? root : `${root}/${dir}` };
}

/**
 * Copies a suite into the environment, links as links; owned by the superuser.
 * @throws {AltsError} `limit_exceeded` for more than 100,000 files or 512 MiB
 */
export async function bringIn(shell: Shell, suite: LocalSuite): Promise<SuitePlace> {
  const place = placeOf(suite);
  let [batch, bytes, files, total]: [FileEntry[], number, number, number] = [[], 0, 0, 0];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await shell.environment.write(batch, { signal: shell.signal });
    [batch, bytes] = [[], 0];
  };
  batch.push({ path: place.root, type: 'directory' });
  for await (const entry of entriesOf(suite.root, place.root)) {
    const size = entry.content?.byteLength ?? 0;
    [files, total, bytes] = [files + 1, total + size, bytes + size];
    if (files > MAX_FILES) throw tooLarge(suite, `${MAX_FILES} files`);
    if (total > MAX_BYTES) throw tooLarge(suite, `${MAX_BYTES / 1024 / 1024} MiB`);
    batch.push(entry);
    if (bytes > BATCH_BYTES || batch.length >= BATCH_FILES) await write();
  }
  await write();
  shell.note(`brought ${files} files of ${suite.source} to ${place.root}`);
  return place;
}

async function* entriesOf(from: string, to: string): AsyncGenerator<FileEntry> {
  for (const name of (await readdir(from)).sort()) {
    // What git keeps for itself is no part of the tests.
    if (name === '.git') continue;
    const [source, path] = [join(from, name), `${to}/${name}`];
    const found = await lstat(source);
    const mode = found.mode & 0o777;
    if (found.isDirectory()) {
      yield { path, type: 'directory', mode: mode | 0o700 };
      yield* entriesOf(source, path);
    } else if (found.isSymbolicLink()) yield { path, type: 'symlink', target: await readlink(source) };
    else if (found.isFile()) {
      if (found.size > MAX_BYTES) throw new AltsError('limit_exceeded', `${source} has over ${MAX_BYTES} bytes`);
      yield { path, type: 'file', mode, content: await readFile(source) };
    }
  }
}

function tooLarge({ source }: LocalSuite, limit: string): AltsError {
  return new AltsError('limit_exceeded', `tests: ${source} has more than ${limit}`);
}
