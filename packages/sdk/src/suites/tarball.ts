import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AltsError } from '../contracts/errors.ts';
import { openDownload } from '../download/open-download.ts';
import { withoutCredentials } from '../download/url-credentials.ts';
import type { TemporaryDirectory } from '../machine/temporary-directory.ts';
import { type DirectoryLimit, withinLimit } from './bounded-directory.ts';
import { suiteDirectory } from './directory-cache.ts';
import type { FetchOptions } from './fetch-options.ts';
import { runTool, saysDiskFull } from './run-tool.ts';

export interface UnpackedTarball {
  readonly directory: TemporaryDirectory;
  /** Absolute: the directory, or the only one in it, as archives of a repository have it. */
  readonly root: string;
  /** Path or URL, without user and password. */
  readonly shown: string;
}

/** Why there is none: one sentence. */
export interface NoTarball {
  readonly missing: string;
}

/**
 * Unpacks a tarball of this machine or of a server.
 * @throws {AltsError} `repository_unavailable`, `limit_exceeded`, `disk_full`, `not_supported`
 */
export async function unpackTarball(
  source: string,
  { signal, note, limit }: FetchOptions,
): Promise<UnpackedTarball | NoTarball> {
  const directory = await suiteDirectory();
  const shown = withoutCredentials(source);
  try {
    const tree = join(directory.path, 'tree');
    await mkdir(tree);
    const file = await fileOf(source, join(directory.path, basename(new URL(source, 'file:/').pathname)), {
      signal,
      note,
      limit,
    });
    const problem = typeof file === 'string' ? await unpack(file, tree, { signal, limit, shown }) : file;
    if (!problem) return { directory, root: await rootOf(tree), shown };
    await directory[Symbol.asyncDispose]();
    return problem;
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

/** A tarball as a file: the suffix says how it is packed, so it is kept. */
async function fileOf(
  source: string,
  place: string,
  { signal, note, limit }: FetchOptions,
): Promise<string | NoTarball> {
  if (!/^https?:\/\//.test(source)) {
    const found = await lstat(source).catch(() => undefined);
    return found ? resolve(source) : { missing: `there is no tarball ${source}` };
  }
  note(`fetching ${withoutCredentials(source)}`);
  const download = await openDownload(source, { signal });
  if ('missing' in download) return download;
  await pipeline(download.content, atMost(limit, download.shown), createWriteStream(place), { signal }).catch(
    (cause) => {
      signal.throwIfAborted();
      if (AltsError.is(cause)) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOSPC') throw new AltsError('disk_full', `no space left to fetch ${download.shown}`, { cause });
      throw new AltsError('repository_unavailable', `cannot fetch ${download.shown}: ${message}`, { cause });
    },
  );
  return place;
}

function atMost({ bytes }: DirectoryLimit, what: string) {
  return async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let seen = 0;
    for await (const chunk of content) {
      seen += chunk.byteLength;
      if (seen > bytes) throw new AltsError('limit_exceeded', `${what} has more than ${bytes} bytes`);
      yield chunk;
    }
  };
}

async function unpack(
  file: string,
  into: string,
  { signal, limit, shown }: Pick<FetchOptions, 'signal' | 'limit'> & { readonly shown: string },
): Promise<NoTarball | undefined> {
  const args = ['-x', '--no-same-owner', '--no-same-permissions', '-f', file, '-C', into];
  const { exitCode, stderr } = await withinLimit({ directory: into, limit, what: shown }, signal, (bounded) =>
    runTool('tar', args, { signal: bounded }),
  );
  if (exitCode === 0) return undefined;
  if (saysDiskFull(stderr)) throw new AltsError('disk_full', `no space left to unpack ${shown}`);
  const [, program] = /\(child\): (\S+): Cannot exec/.exec(stderr) ?? [];
  if (program) throw new AltsError('not_supported', `${program} is not on this machine: install it to unpack ${shown}`);
  const [said = 'tar gave no reason'] = stderr.split('\n');
  return { missing: `${shown} cannot be unpacked: ${said.replace(/^tar: /, '')}` };
}

async function rootOf(tree: string): Promise<string> {
  const [first, ...others] = await readdir(tree, { withFileTypes: true });
  return first?.isDirectory() && others.length === 0 ? join(tree, first.name) : tree;
}
