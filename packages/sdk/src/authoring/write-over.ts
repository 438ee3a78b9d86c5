import type { Abortable, FileEntry } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { CommandTransport } from './command-process.ts';
import { batches, runPlain } from './plain-command.ts';

/**
 * Positional, six for each entry: type, path, target, mode, owner, size; contents come one after another on stdin.
 * A link that is in the way is replaced and not written through: what it points to is not ours.
 */
const WRITE_SCRIPT = `
set -e; umask 022
while [ $# -gt 0 ]; do
  type=$1 path=$2 target=$3 mode=$4 owner=$5 size=$6; shift 6
  parent=\${path%/*}; [ -z "$parent" ] || [ -d "$parent" ] || mkdir -p -- "$parent"
  [ ! -L "$path" ] || rm -f -- "$path"
  case $type in
    directory) [ -d "$path" ] || mkdir -- "$path" ;;
    symlink) ln -s -f -T -- "$target" "$path" ;;
    file) head -c "$size" > "$path" ;;
  esac
  chown -h -- "$owner" "$path"
  [ "$type" = symlink ] || chmod -- "$mode" "$path"
done
`;

function assertEntry({ path, type, target }: FileEntry): void {
  if (!path.startsWith('/') || path.includes('\0') || path.endsWith('/')) {
    throw new AltsError('invalid_request', `path: ${JSON.stringify(path)} is not an absolute path of a file`);
  }
  if (type === 'symlink' && !target) {
    throw new AltsError('invalid_request', `target: that of the symbolic link ${path} is missing`);
  }
}

function argumentsOf({ path, type, content, target = '', mode, uid = 0, gid = 0 }: FileEntry): string[] {
  const bits = mode ?? (type === 'directory' ? 0o755 : 0o644);
  return [type, path, target, bits.toString(8).padStart(5, '0'), `${uid}:${gid}`, String(content?.byteLength ?? 0)];
}

async function* contentsOf(entries: readonly FileEntry[]): AsyncGenerator<Uint8Array> {
  for (const { type, content } of entries) if (type === 'file' && content) yield content;
}

/** Writes files over a transport, some hundred in a round trip. Needs sh and coreutils inside. */
export async function writeOver(
  transport: CommandTransport,
  files: Iterable<FileEntry>,
  { signal }: Abortable = {},
): Promise<void> {
  const entries = [...files];
  entries.forEach(assertEntry);
  for (const batch of batches(entries, argumentsOf)) {
    const { code, stderr } = await runPlain(
      transport,
      ['env', 'LC_ALL=C', 'sh', '-c', WRITE_SCRIPT, 'sh', ...batch.flatMap(argumentsOf)],
      { signal, stdin: contentsOf(batch) },
    );
    if (code === 0) continue;
    const full = stderr.includes('No space left on device');
    throw new AltsError(full ? 'disk_full' : 'environment_lost', `writing into the environment: ${stderr.trim()}`);
  }
}
