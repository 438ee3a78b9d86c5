import { createHash } from 'node:crypto';
import type { TemporaryDirectory } from '../../machine/temporary-directory.ts';
import { withinLimit } from '../bounded-directory.ts';
import type { DirectoryCache } from '../directory-cache.ts';
import type { FetchOptions } from '../fetch-options.ts';
import { checkoutCommit } from './checkout-commit.ts';
import { type Remote, remoteOf } from './git-command.ts';
import { isFullName, resolveRef } from './resolve-ref.ts';

export interface GitSource {
  readonly url: string;
  readonly ref?: string | undefined;
  readonly submodules: boolean;
}

export interface GitSuite {
  readonly directory: TemporaryDirectory;
  readonly commit: string;
  /** The URL without user and password. */
  readonly shown: string;
}

/** How often a suite is fetched again that another process evicts at once. */
const TRIES = 3;

/**
 * Fetches the files of one commit. A branch or tag is asked for each time, and nothing but the server's own answer is
 * tested; the files of a commit never change, so they are kept.
 * @returns undefined: the repository has no such ref
 * @throws {AltsError} `repository_unavailable`, `limit_exceeded`, `disk_full`, `not_supported`
 */
export async function fetchGit(
  source: GitSource,
  cache: DirectoryCache,
  { signal, note, limit }: FetchOptions,
): Promise<GitSuite | undefined> {
  const remote = remoteOf(source.url);
  const wanted = await resolveRef(remote, source.ref, signal);
  if (!wanted) return undefined;
  const keyFor = (commit: string) => cacheKey(remote, source, commit);
  let commit: string | undefined = isFullName(wanted.commit) ? wanted.commit : undefined;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const directory = commit === undefined ? undefined : await cache.take(keyFor(commit));
    if (directory && commit !== undefined) return { directory, commit, shown: remote.shown };
    note(`fetching ${remote.shown}${source.ref === undefined ? '' : ` ${source.ref}`}`);
    await cache.put((empty) =>
      withinLimit({ directory: empty, limit, what: remote.shown }, signal, async (bounded) => {
        const checkout = { directory: empty, submodules: source.submodules, signal: bounded };
        commit = await checkoutCommit(remote, wanted, checkout);
        return commit === undefined ? undefined : keyFor(commit);
      }),
    );
    if (commit === undefined) return undefined;
  }
  throw new Error(`${remote.shown} is evicted from the cache as soon as it is fetched`);
}

function cacheKey({ address }: Remote, { submodules }: GitSource, commit: string): string {
  const repository = createHash('sha256').update(address).digest('hex').slice(0, 32);
  return `${repository}-${commit}${submodules ? '-submodules' : ''}`;
}
