import type { Readable } from 'node:stream';
import type { Abortable, FileContent } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { CommandTransport } from './command-process.ts';
import { batches, runPlain } from './plain-command.ts';

const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;
/** inode(7) */
const TYPE_BITS = 0o170000;
const [REGULAR, DIRECTORY, SYMLINK] = [0o100000, 0o040000, 0o120000];
const ABSENT = /: (No such file or directory|Not a directory)$/;
const C_LOCALE = ['env', 'LC_ALL=C'] as const;

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

function assertPath(path: string): void {
  if (path.startsWith('/') && !path.includes('\0')) return;
  throw new AltsError('invalid_request', `path: ${JSON.stringify(path)} is not absolute`);
}

/** stat(1) answers in the order asked, and leaves out what is not there. */
async function entriesOf(transport: CommandTransport, paths: readonly string[], signal: AbortSignal | undefined) {
  const { code, stdout, stderr } = await runPlain(
    transport,
    [...C_LOCALE, 'stat', '--printf', '%f:%u:%g:%s:%n\\0', '--', ...paths],
    { signal },
  );
  const complaints = stderr.split('\n').filter((line) => line !== '' && !ABSENT.test(line));
  if (complaints.length > 0 || code > 1) {
    throw new AltsError('environment_lost', `stat in the environment: ${complaints[0] ?? `exit ${code}`}`);
  }
  const found = stdout.toString().split('\0').slice(0, -1).map(parseEntry);
  let next = 0;
  return paths.map((path) => (found[next]?.path === path ? found[next++] : undefined));
}

function parseEntry(line: string): Entry {
  const [mode = '', uid, gid, size, ...path] = line.split(':');
  return {
    path: path.join(':'),
    mode: Number.parseInt(mode, 16),
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
  };
}

async function targetsOf(transport: CommandTransport, paths: readonly string[], signal: AbortSignal | undefined) {
  if (paths.length === 0) return [];
  const { code, stdout } = await runPlain(transport, ['readlink', '-z', '--', ...paths], { signal });
  const targets = stdout.toString().split('\0');
  if (code !== 0) throw new AltsError('environment_lost', `readlink in the environment: exit ${code}`);
  return targets;
}

/** Takes exact numbers of bytes from a stream. */
function exactReader(stream: Readable) {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (size: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      if (rest.byteLength === 0) {
        const next = await chunks.next();
        if (next.done) throw new AltsError('environment_lost', 'the connection ended while files were read');
        rest = next.value;
      }
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.byteLength);
      missing -= part.byteLength;
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
}

/**
 * Contents of regular files in one stream. head(1) puts `==> path <==` before each, and both path and size are known
 * beforehand: a file that changed or vanished meanwhile is noticed, and never taken for its neighbour.
 */
async function* contentsOf(
  transport: CommandTransport,
  files: readonly Entry[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  if (files.length === 0) return;
  const largest = Math.max(...files.map(({ size }) => size));
  const child = transport.start(['head', '-v', '-c', String(largest + 1), '--', ...files.map(({ path }) => path)]);
  const onAbort = () => child.stdout.destroy(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined).end();
  child.stderr.resume();
  try {
    const take = exactReader(child.stdout);
    for (const [index, { path, size }] of files.entries()) {
      const heading = Buffer.from(`${index === 0 ? '' : '\n'}==> ${path} <==\n`);
      if (!(await take(heading.byteLength)).equals(heading)) {
        throw new AltsError('environment_lost', `${path}: a file changed while it was read`);
      }
      yield await take(size);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    child.kill();
  }
}

/** Reads files over a transport: a fixed number of round trips for some thousand of them. Needs coreutils inside. */
export async function* readOver(
  transport: CommandTransport,
  paths: Iterable<string>,
  options: Abortable & { readonly maxFileBytes?: number } = {},
): AsyncGenerator<FileContent> {
  const { signal, maxFileBytes = DEFAULT_MAX_FILE_BYTES } = options;
  const asked = [...paths];
  asked.forEach(assertPath);
  for (const batch of batches(asked, (path) => [path])) {
    signal?.throwIfAborted();
    const entries = await entriesOf(transport, batch, signal);
    const ofType = (type: number) => entries.filter((entry) => entry && (entry.mode & TYPE_BITS) === type) as Entry[];
    const tooLarge = ofType(REGULAR).find(({ size }) => size > maxFileBytes);
    if (tooLarge) {
      const { path, size } = tooLarge;
      throw new AltsError('limit_exceeded', `${path}: ${size} bytes are more than maxFileBytes (${maxFileBytes})`);
    }
    const links = ofType(SYMLINK);
    const targets = await targetsOf(
      transport,
      links.map(({ path }) => path),
      signal,
    );
    const contents = contentsOf(
      transport,
      ofType(REGULAR).filter(({ size }) => size > 0),
      signal,
    );
    try {
      for (const [index, entry] of entries.entries()) {
        if (!entry) yield { path: batch[index] ?? '', type: 'missing' };
        else yield await contentFor(entry, () => targets[links.indexOf(entry)] ?? '', contents);
      }
    } finally {
      await contents.return(undefined);
    }
  }
}

async function contentFor(
  { path, mode, uid, gid, size }: Entry,
  target: () => string,
  contents: AsyncIterator<Buffer>,
): Promise<FileContent> {
  const permissions = mode & 0o7777;
  switch (mode & TYPE_BITS) {
    case REGULAR: {
      const content = size === 0 ? new Uint8Array() : ((await contents.next()).value as Buffer);
      return { path, type: 'file', content, mode: permissions, uid, gid };
    }
    case DIRECTORY:
      return { path, type: 'directory', mode: permissions, uid, gid };
    case SYMLINK:
      return { path, type: 'symlink', target: target(), uid, gid };
    default:
      return { path, type: 'other' };
  }
}
