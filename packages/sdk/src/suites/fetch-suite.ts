import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Failure } from '../contracts/report.ts';
import type { SuiteSpec } from '../contracts/suite.ts';
import type { LocalSuite } from '../contracts/suite-plan.ts';
import type { FetchContext } from '../contracts/test-suites.ts';
import { withoutCredentials } from '../download/url-credentials.ts';
import type { DirectoryLimit } from './bounded-directory.ts';
import { DirectoryCache } from './directory-cache.ts';
import type { FetchOptions } from './fetch-options.ts';
import { fetchGit } from './git/fetch-git.ts';
import { suiteName } from './suite-name.ts';
import { unpackTarball } from './tarball.ts';

const MiB = 1024 * 1024;
const LIMIT: DirectoryLimit = { bytes: 512 * MiB, files: 100_000 };
const CACHE_BYTES = 2048 * MiB;

export interface SuiteFetchOptions extends FetchContext {
  readonly cacheDirectory: string;
  /** Of one suite; default 512 MiB and 100,000 files. */
  readonly limit?: DirectoryLimit;
  /** What the cache may have; default 2 GiB. */
  readonly cacheBytes?: number;
}

type Fetched = Omit<LocalSuite, 'dir'>;

/**
 * Brings a suite to this machine: clones, unpacks, or takes a directory as it is.
 * @returns a {@link Failure} `suite_not_found` that names what is missing: ref, directory, or tarball
 * @throws {AltsError} `repository_unavailable`, `limit_exceeded`, `disk_full`, `not_supported`
 */
export async function fetchSuite(
  spec: SuiteSpec,
  { cacheDirectory, limit = LIMIT, cacheBytes = CACHE_BYTES, ...context }: SuiteFetchOptions,
): Promise<Failure | LocalSuite> {
  const options = { ...context, limit };
  const fetched =
    'url' in spec
      ? await fromGit(spec, new DirectoryCache(cacheDirectory, cacheBytes), options)
      : 'tarball' in spec
        ? await fromTarball(spec.tarball, options)
        : fromDirectory(spec.directory);
  if ('reason' in fetched) return fetched;
  const dir = spec.dir?.replace(/\/+$/, '') ?? '';
  const problem = await directoryProblem(fetched, dir);
  if (problem === undefined) return { ...fetched, dir };
  await fetched[Symbol.asyncDispose]();
  return notFound(problem);
}

function notFound(message: string): Failure {
  return { reason: 'suite_not_found', message };
}

async function fromGit(
  spec: Extract<SuiteSpec, { readonly url: string }>,
  cache: DirectoryCache,
  options: FetchOptions,
): Promise<Failure | Fetched> {
  const found = await fetchGit(spec, cache, options);
  if (!found) return notFound(`${withoutCredentials(spec.url)} has no ref ${JSON.stringify(spec.ref ?? 'HEAD')}`);
  const { directory, commit, shown } = found;
  return {
    root: directory.path,
    name: suiteName(spec.url),
    source: shown,
    commit,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

async function fromTarball(source: string, options: FetchOptions): Promise<Failure | Fetched> {
  const found = await unpackTarball(source, options);
  if ('missing' in found) return notFound(found.missing);
  const { directory, root, shown } = found;
  const name = suiteName(root.endsWith('/tree') ? source : root);
  return { root, name, source: shown, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

function fromDirectory(directory: string): Fetched {
  const root = resolve(directory);
  return { root, name: suiteName(root), source: directory, async [Symbol.asyncDispose]() {} };
}

/** A link may lead elsewhere inside the suite, never out of it. */
async function directoryProblem({ root, source }: Fetched, dir: string): Promise<string | undefined> {
  const where = dir === '' ? source : `${JSON.stringify(dir)} in ${source}`;
  const path = join(root, dir);
  const found = await stat(path).catch(() => undefined);
  if (!found) return `there is no directory ${where}`;
  if (!found.isDirectory()) return `${where} is not a directory`;
  const inside = relative(await realpath(root), await realpath(path));
  return inside.startsWith('..') ? `${where} leads out of the suite` : undefined;
}
