import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type Abortable,
  AltsError,
  type Argv,
  type Bytes,
  type ExecOptions,
  type ExecResult,
  type FileContent,
  type FileEntry,
} from '@alts/sdk/plugin';
import { extract, type Header, pack } from 'tar-stream';

type Exec = (command: Argv, options?: ExecOptions) => Promise<ExecResult>;

const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Names on stdin, NUL between them; no recursion, no link followed, hard links as files of their own. */
const READ: Argv = [
  'tar',
  '--create',
  '--file=-',
  '--format=posix',
  '--absolute-names',
  '--null',
  '--no-recursion',
  '--hard-dereference',
  '--ignore-failed-read',
  '--files-from=-',
];
/** As they are in the archive, whatever the umask; directories that are there keep their mode. */
const WRITE: Argv = [
  'tar',
  '--extract',
  '--file=-',
  '--directory=/',
  '--same-permissions',
  '--same-owner',
  '--numeric-owner',
  '--no-overwrite-dir',
];

/** tar-stream takes mode 0 for none; this bit is none that it writes. */
const MODE_IS_SET = 0o10_000;

const withoutSlash = (path: string): string => path.replace(/\/+$/, '') || '/';

function failed(doing: string, { end, stderr }: ExecResult): AltsError {
  const said = Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1);
  const how = end.type === 'exit' ? `exit ${end.code}` : end.type;
  if (said?.includes('No space left on device')) return new AltsError('disk_full', `${doing}: ${said}`);
  return new AltsError('environment_lost', `${doing}: tar failed (${how}): ${said || 'it did not say why'}`);
}

function assertPath(path: string): void {
  if (!path.startsWith('/') || path.includes('\0')) {
    throw new AltsError('invalid_request', `path: ${JSON.stringify(path)} is not an absolute path`);
  }
}

async function* namesOf(paths: readonly string[]): Bytes {
  for (const path of paths) yield Buffer.from(`${path}\0`);
}

function describe(path: string, header: Header, content: Buffer): FileContent {
  const { mode = 0, uid = 0, gid = 0 } = header;
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return { path, type: 'file', content, mode, uid, gid };
    case 'directory':
      return { path, type: 'directory', mode, uid, gid };
    case 'symlink':
      return { path, type: 'symlink', target: header.linkname ?? '', uid, gid };
    default:
      return { path, type: 'other' };
  }
}

/** Reads many files with one tar, in the order asked; what tar leaves out is missing. */
export async function* readFiles(
  exec: Exec,
  paths: Iterable<string>,
  options: Abortable & { readonly maxFileBytes?: number } = {},
): AsyncGenerator<FileContent> {
  const { signal, maxFileBytes = DEFAULT_MAX_FILE_BYTES } = options;
  const asked = [...paths];
  signal?.throwIfAborted();
  for (const path of asked) assertPath(path);
  if (asked.length === 0) return;
  const stop = new AbortController();
  const pipe = new PassThrough();
  const entries = pipe.pipe(extract());
  const running = exec(READ, {
    stdin: namesOf(asked),
    signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]),
    onOutput: async ({ stream, bytes }) => {
      if (stream === 'stdout' && !pipe.write(bytes)) await once(pipe, 'drain', { signal: stop.signal });
    },
  });
  running.then(
    () => pipe.end(),
    (error: Error) => entries.destroy(error),
  );
  const waiting = asked.values();
  try {
    for await (const entry of entries) {
      const { name, size = 0, type } = entry.header;
      for (const path of waiting) {
        if (withoutSlash(path) !== withoutSlash(name)) {
          yield { path, type: 'missing' };
          continue;
        }
        if (type === 'file' && size > maxFileBytes) {
          throw new AltsError('limit_exceeded', `${path} has ${size} bytes, and the limit is ${maxFileBytes}`);
        }
        yield describe(path, entry.header, await buffer(entry));
        break;
      }
      entry.resume();
    }
    const result = await running;
    // 1 and 2: some files could not be read; those are reported as missing.
    if (result.end.type !== 'exit' || result.end.code > 2) throw failed('reading files', result);
    for (const path of waiting) yield { path, type: 'missing' };
  } finally {
    stop.abort(new Error('no more files are wanted'));
    await running.catch(() => undefined);
  }
}

function pushEntry(
  archive: ReturnType<typeof pack>,
  { path, type, content, target, mode, uid = 0, gid = 0 }: FileEntry,
): void {
  assertPath(path);
  if (type === 'symlink' && !target) {
    throw new AltsError('invalid_request', `target: that of the symbolic link ${path} is missing`);
  }
  const header = {
    name: path.slice(1),
    type,
    uid,
    gid,
    mode: MODE_IS_SET | (mode ?? (type === 'directory' ? 0o755 : 0o644)),
    mtime: new Date(),
  };
  if (type === 'symlink') archive.entry({ ...header, linkname: target ?? '' });
  else if (type === 'directory') archive.entry(header);
  else archive.entry(header, Buffer.from(content ?? new Uint8Array()));
}

/** Writes many files with one tar. */
export async function writeFiles(exec: Exec, files: Iterable<FileEntry>, { signal }: Abortable = {}): Promise<void> {
  const archive = pack();
  let count = 0;
  for (const file of files) {
    pushEntry(archive, file);
    count += 1;
  }
  if (count === 0) return;
  archive.finalize();
  const result = await exec(WRITE, { stdin: archive as Bytes, signal });
  if (result.end.type !== 'exit' || result.end.code !== 0) throw failed('writing files', result);
}
