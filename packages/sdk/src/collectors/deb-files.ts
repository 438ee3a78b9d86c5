import { AltsError } from '../contracts/errors.ts';
import type { Collector, OwnedFile } from '../contracts/facts.ts';
import { parseListing } from './dpkg-listing.ts';

/** Far above what any package needs: 100,000 files are 15 MiB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The list, a NUL, then for each path that is there its type, the type at the end of its links, the path, the target.
 * `%Y` says N for "nothing there" and L for a loop, find(1). Paths come from dpkg and never are part of the script.
 */
const SCRIPT = `list=$(dpkg-query --listfiles "$1" 2>/dev/null || dpkg-query --listfiles "$1:\${2:-$(dpkg --print-architecture)}" 2>/dev/null) || exit 0
printf '%s\\n\\0' "$list"
printf '%s\\n' "$list" | sed -n -E 's/^(diverted by [^ ]+ to|locally diverted to): //; /^\\//p' | tr '\\n' '\\0' |
  xargs -0 -r sh -c 'find "$@" -maxdepth 0 -printf "%y\\0%Y\\0%p\\0%l\\0" 2>/dev/null; :' sh`;

/** Asks dpkg for the package's files, and the file system for each of them, in one go. */
export const debFiles: Collector<'package.files'> = {
  fact: 'package.files',
  needs: [],
  async collect(environment, _facts, { package: { name, expectedArchitecture } }, { signal }) {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const { end, stderr } = await environment.exec(
      ['sh', '-c', SCRIPT, 'sh', name, expectedArchitecture === 'all' ? '' : (expectedArchitecture ?? '')],
      {
        signal,
        env: { LC_ALL: 'C.UTF-8' },
        keepBytes: 4096,
        onOutput: ({ stream, bytes: chunk }) => {
          if (stream === 'stderr') return;
          bytes += chunk.length;
          if (bytes > MAX_BYTES)
            throw new AltsError('limit_exceeded', `the files of ${name} do not fit into ${MAX_BYTES} bytes`);
          chunks.push(chunk);
        },
      },
    );
    if (end.type !== 'exit' || end.code !== 0) {
      throw new AltsError(
        'environment_lost',
        `the files of ${name} cannot be listed: ${Buffer.from(stderr).toString().trim()}`,
      );
    }
    return parseFiles(Buffer.concat(chunks).toString());
  },
};

/** What find(1) says for a path: type, type at the end of its links, target. */
type Seen = readonly [type: string, end: string, target: string];

/** Reads what the script prints. */
export function parseFiles(text: string): OwnedFile[] {
  const [listing = '', ...fields] = text.split('\0');
  const seen = new Map<string, Seen>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [type = '', end = '', path = '', target = ''] = fields.slice(at, at + 4);
    seen.set(path, [type, end, target]);
  }
  return [...parseListing(listing)].map(([path, place]) => ownedFile(path, seen.get(place)));
}

const TYPES: Readonly<Record<string, OwnedFile['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

function ownedFile(path: string, seen: Seen | undefined): OwnedFile {
  if (!seen) return { path, type: 'missing' };
  const [letter, end, target] = seen;
  const type = TYPES[letter] ?? 'other';
  if (type !== 'symlink') return { path, type };
  return { path, type, target, resolves: end === 'L' ? 'loop' : end === 'N' ? 'no' : 'yes' };
}
