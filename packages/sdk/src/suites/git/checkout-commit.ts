import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitError, type Remote, runGit, tryGit } from './git-command.ts';
import { isFullName, type RemoteCommit } from './resolve-ref.ts';

/** Commits that are fetched of each branch and tag when a server does not give the one that was asked for. */
const DEPTH = 1000;
const HERE = 'refs/alts/fetched';

export interface Checkout {
  readonly directory: string;
  readonly submodules: boolean;
  readonly signal: AbortSignal;
}

/**
 * Fetches one commit, without history, and leaves its files in a directory that is empty: nothing of git stays.
 * @returns the full name of the commit; undefined: the server has none that begins so
 * @throws {AltsError} `repository_unavailable`, `disk_full`
 */
export async function checkoutCommit(
  remote: Remote,
  wanted: RemoteCommit,
  { directory, submodules, signal }: Checkout,
): Promise<string | undefined> {
  const at = { cwd: directory, signal };
  await runGit(remote, ['init', '-q', '.'], at);
  // Submodules may have URLs that are relative to this one.
  await runGit(remote, ['config', 'remote.origin.url', remote.address], at);
  const commit = await fetchCommit(remote, wanted, at);
  if (commit === undefined) return undefined;
  await runGit(remote, ['checkout', '-q', '--detach', commit], at);
  if (submodules) {
    await runGit(remote, ['submodule', '--quiet', 'update', '--init', '--recursive', '--depth', '1'], at);
  }
  await removeGit(directory, submodules);
  return commit;
}

interface Place {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

async function fetchCommit(remote: Remote, wanted: RemoteCommit, at: Place): Promise<string | undefined> {
  const source = wanted.ref ?? (isFullName(wanted.commit) ? wanted.commit : undefined);
  if (source !== undefined) {
    const fetched = await tryGit(remote, fetchArgs(remote, ['--depth', '1'], [`+${source}:${HERE}`]), at);
    // A branch may have moved since it was asked for: what came is what is tested.
    if (fetched.exitCode === 0) return nameOf(remote, `${HERE}^{commit}`, at);
    if (wanted.ref !== undefined || !isNotOffered(fetched.stderr)) throw gitError(remote, fetched);
  }
  return fetchDeeper(remote, wanted.commit, at);
}

/** Servers may give tips of branches and tags only: then the commit is looked for in what leads to them. */
async function fetchDeeper(remote: Remote, commit: string, at: Place): Promise<string | undefined> {
  const all = ['+refs/heads/*:refs/alts/heads/*', '+refs/tags/*:refs/alts/tags/*'];
  await runGit(remote, fetchArgs(remote, ['--depth', String(DEPTH)], all), at);
  return nameOf(remote, `${commit}^{commit}`, at);
}

function fetchArgs({ address }: Remote, options: readonly string[], refspecs: readonly string[]): string[] {
  return [
    'fetch',
    '-q',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    ...options,
    '--',
    address,
  ].concat(refspecs);
}

function isNotOffered(stderr: string): boolean {
  return /not our ref|unadvertised object|couldn't find remote ref|no such remote ref|bad object/i.test(stderr);
}

async function nameOf(remote: Remote, revision: string, at: Place): Promise<string | undefined> {
  const found = await tryGit(remote, ['rev-parse', '--verify', '-q', '--end-of-options', revision], at);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}

/** The repository's own data; of a submodule, in any directory, the file that points to them. */
async function removeGit(directory: string, submodules: boolean): Promise<void> {
  await rm(join(directory, '.git'), { recursive: true, force: true });
  if (!submodules) return;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGit(join(directory, entry.name), true);
  }
}
