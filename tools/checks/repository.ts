import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the checks look at: tests hand in a small one of their own. */
export interface Repository {
  /** Paths from the root, of files that are or would be committed. */
  readonly files: readonly string[];
  /** A file's text; undefined when there is none. */
  text(path: string): string | undefined;
}

/** One thing said against the repository; a warning is shown and fails nothing. */
export interface Problem {
  readonly file: string;
  readonly message: string;
  readonly level?: 'error' | 'warning';
}

export type Check = (repository: Repository) => Iterable<Problem>;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** This repository, as git sees it: tracked files and new ones that are not ignored. */
export function thisRepository(): Repository {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const isFile = (path: string) => existsSync(join(ROOT, path)) && lstatSync(join(ROOT, path)).isFile();
  return {
    files: listed.split('\0').filter((path) => path !== '' && isFile(path)),
    text: (path) => (isFile(path) ? readFileSync(join(ROOT, path), 'utf8') : undefined),
  };
}

/** A repository from literals, for the tests of checks. */
export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return { files: Object.keys(files), text: (path) => files[path] };
}
