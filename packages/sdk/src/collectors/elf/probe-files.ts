import type { Abortable, Bytes, Environment } from '../../contracts/environment.ts';
import { AltsError } from '../../contracts/errors.ts';

/** As much of a file as says whether it is worth reading. */
export const HEAD_BYTES = 64;
/** 100,000 files are 30 MB. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** A regular file, at the end of whatever links lead to it. */
export interface ProbedFile {
  readonly path: string;
  /** Without symbolic links. */
  readonly realPath: string;
  /** Bytes. */
  readonly size: number;
  /** Device and inode: the same for all names of one file. */
  readonly identity: string;
  /** Its first bytes. */
  readonly head: Uint8Array;
}

/**
 * For each batch: size, identity and path of what is there, the same files' real paths, and their first bytes, each
 * after a line with its path. What is not a regular file, links followed, is left out by find(1).
 */
const BATCH = `find -L "$@" -maxdepth 0 -type f -readable -printf "%s\\0%D:%i\\0%p\\0" 2>/dev/null
printf "\\0"
find -L "$@" -maxdepth 0 -type f -readable -print0 2>/dev/null | xargs -0 -r realpath -z -- 2>/dev/null
printf "\\0"
find -L "$@" -maxdepth 0 -type f -readable -print0 2>/dev/null | xargs -0 -r head -v -c ${HEAD_BYTES} -- 2>/dev/null
printf "\\n==> end of batch <==\\n"`;
const SCRIPT = `xargs -0 -r -n 4000 sh -c '${BATCH}' sh`;
const END = Buffer.from('\n==> end of batch <==\n');

/** Looks at many files in one go; what is not there, or is no regular file, is left out. Links are followed. */
export async function probeFiles(
  environment: Environment,
  paths: readonly string[],
  { signal }: Abortable,
): Promise<ProbedFile[]> {
  if (paths.length === 0) return [];
  const output = await collectOutput(environment, ['sh', '-c', SCRIPT], namesOf(paths), signal);
  return parseProbe(output);
}

/** Names with a NUL behind each. */
export async function* namesOf(names: Iterable<string>): Bytes {
  yield Buffer.from(Array.from(names, (name) => `${name}\0`).join(''));
}

/** All that a command writes, up to a limit that no real package comes near. */
export async function collectOutput(
  environment: Environment,
  command: readonly [string, ...string[]],
  stdin: Bytes,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const { end, stderr } = await environment.exec(command, {
    signal,
    stdin,
    env: { LC_ALL: 'C.UTF-8' },
    keepBytes: 4096,
    onOutput: ({ stream, bytes: chunk }) => {
      if (stream === 'stderr') return;
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) {
        throw new AltsError(
          'limit_exceeded',
          `what is known of the libraries does not fit into ${MAX_OUTPUT_BYTES} bytes`,
        );
      }
      chunks.push(chunk);
    },
  });
  // 123 of xargs(1): a file went away in between, which is seen by its not being in the output.
  if (end.type === 'exit' && (end.code === 0 || end.code === 123)) return Buffer.concat(chunks);
  throw new AltsError('environment_lost', `libraries cannot be looked at: ${Buffer.from(stderr).toString().trim()}`);
}

/** Reads what the script prints. */
export function parseProbe(output: Buffer): ProbedFile[] {
  const files: ProbedFile[] = [];
  let at = 0;
  while (at < output.length) {
    const listed = fieldsAt(output, at);
    const real = fieldsAt(output, listed.end);
    const batch: Omit<ProbedFile, 'head'>[] = [];
    for (let field = 0; field + 2 < listed.fields.length; field += 3) {
      const [size = '', identity = '', path = ''] = listed.fields.slice(field, field + 3);
      batch.push({ path, size: Number(size), identity, realPath: real.fields[field / 3] ?? path });
    }
    at = readHeads(output, real.end, batch, files);
  }
  return files;
}

/** Fields with a NUL behind each, up to an empty one. */
function fieldsAt(output: Buffer, from: number): { fields: string[]; end: number } {
  const fields: string[] = [];
  for (let at = from; ; ) {
    const end = output.indexOf(0, at);
    if (end < 0) return { fields, end: output.length };
    if (end === at) return { fields, end: end + 1 };
    fields.push(output.toString('utf8', at, end));
    at = end + 1;
  }
}

/** @returns where the next batch starts */
function readHeads(
  output: Buffer,
  from: number,
  batch: readonly Omit<ProbedFile, 'head'>[],
  files: ProbedFile[],
): number {
  let at = from;
  for (const file of batch) {
    const title = Buffer.from(`==> ${file.path} <==\n`);
    // head(1) puts an empty line before every title but the first.
    const start = output.indexOf(title, at);
    if (start < 0 || start > at + 1) continue;
    const head = output.subarray(start + title.length, start + title.length + Math.min(file.size, HEAD_BYTES));
    files.push({ ...file, head: Buffer.from(head) });
    at = start + title.length + head.length;
  }
  const end = output.indexOf(END, at);
  return end < 0 ? output.length : end + END.length;
}
