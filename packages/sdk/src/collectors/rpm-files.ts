import type { Collector, OwnedFile } from '../contracts/facts.ts';
import { DIGEST_SECONDS, readOutput } from './read-output.ts';
import { labelOf } from './rpm-query.ts';
import { parseRecorded } from './rpm-recorded.ts';

/** One record for each file. The last two are quoted as for a shell: a name may have anything in it. */
const FORMAT = `[%{FILEMODES}\\t%{FILEUSERNAME}\\t%{FILEGROUPNAME}\\t%{LONGFILESIZES}\\t%{FILEDIGESTS}\\t%{FILEFLAGS}\\t%{FILEVERIFYFLAGS}\\t%{FILECAPS}\\t%{FILELINKTOS:shescape}\\t%{FILENAMES:shescape}\\n]`;

/**
 * What rpm has on record; what find(1) says of each path; the digest of each regular file, by the algorithm of the
 * package; and, where capabilities are on record, what rpm's own comparison says of them: getcap(8) is not everywhere.
 * NULs go between the parts. Paths come from rpm and never are part of the script.
 */
const SCRIPT = `known=$(rpm -q --queryformat '%{FILEDIGESTALGO} [%{FILECAPS}]' -- "$1" 2>/dev/null) || exit 0
case $known in '2 '*) sum=sha1sum ;; '8 '*) sum=sha256sum ;; '9 '*) sum=sha384sum ;; '10 '*) sum=sha512sum ;; *) sum=md5sum ;; esac
list=$(rpm -q --queryformat '[%{FILENAMES}\\n]' -- "$1")
paths() { printf '%s\\n' "$list" | sed -n '/^\\//p' | tr '\\n' '\\0'; }
printf '%s\\0' "$sum"
rpm -q --queryformat "$2" -- "$1"
printf '\\0'
paths | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -printf "%y\\0%Y\\0%m\\0%u\\0%g\\0%s\\0%l\\0%p\\0" 2>/dev/null; :' sh
printf '\\0'
paths | xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type f -print0 2>/dev/null; :' sh |
  timeout ${DIGEST_SECONDS} xargs -0 -r "$sum" -- 2>/dev/null
printf '\\0'
case $known in
*' '*[=+]*) rpm -V --nodeps --noscripts --nodigest --nosignature --nofiledigest --nosize --nomtime -- "$1" ;;
esac
:`;

/** Asks rpm for the package's files and what it recorded of them, and the file system for each of them, in one go. */
export const rpmFiles: Collector<'package.files', 'package.installed'> = {
  fact: 'package.files',
  needs: ['package.installed'],
  async collect(environment, { 'package.installed': installed }, _context, { signal }) {
    const what = `the files of ${installed.name}`;
    return parseFiles(await readOutput(environment, SCRIPT, [labelOf(installed), FORMAT], { what, signal }));
  },
};

/** What find(1) says of a path. */
interface Seen {
  readonly type: string;
  readonly end: string;
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  readonly size: number;
  readonly target: string;
}

const FIELDS = 8;
const TYPES: Readonly<Record<string, OwnedFile['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

/** Reads what the script prints. */
export function parseFiles(text: string): OwnedFile[] {
  const [sum = '', records = '', ...rest] = text.split('\0');
  const end = rest.findIndex((field, at) => at % FIELDS === 0 && field === '');
  const seen = parseSeen(rest.slice(0, end < 0 ? 0 : end));
  const [digests = '', verified = ''] = end < 0 ? [] : rest.slice(end + 1);
  const digestOf = parseDigests(digests);
  const otherCapabilities = parseCapabilityFaults(verified);
  return parseRecorded(records, sum).map(({ path, recorded }) => {
    const file = ownedFile(path, seen.get(path), digestOf.get(path));
    const { capabilities } = recorded;
    if (file.type === 'missing' || capabilities === undefined) return { ...file, recorded };
    // Which ones it has instead nobody can say without getcap(8).
    return { ...file, recorded, capabilities: otherCapabilities.has(path) ? '' : capabilities };
  });
}

function parseSeen(fields: readonly string[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    const record = fields.slice(at, at + FIELDS);
    const [type = '', end = '', mode = '', user = '', group = '', size = '', target = '', path = ''] = record;
    seen.set(path, { type, end, mode: Number.parseInt(mode, 8), user, group, size: Number(size), target });
  }
  return seen;
}

/**
 * `<hex>  <path>`; with odd names `\\<hex>  <path>`, and `\\n` and `\\\\` in the path: sha256sum(1). What has no newline
 * at its end was cut off when time was up.
 */
function parseDigests(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^(\\?)([0-9a-f]+) [ *](.*)\n/gm)].map(([, odd, hex = '', path = '']) => [
      odd ? path.replace(/\\([n\\])/g, (_, letter) => (letter === 'n' ? '\n' : '\\')) : path,
      hex,
    ]),
  );
}

/** rpm(8), verify: the ninth mark is P for capabilities. */
function parseCapabilityFaults(text: string): Set<string> {
  return new Set([...text.matchAll(/^.{8}P\s+(?:[a-z]\s+)?(\/.*)$/gm)].map(([, path = '']) => path));
}

function ownedFile(path: string, seen: Seen | undefined, digest: string | undefined): OwnedFile {
  if (!seen) return { path, type: 'missing' };
  const { mode, user, group, size, target, end } = seen;
  const type = TYPES[seen.type] ?? 'other';
  const common = { path, type, mode, user, group, size };
  if (type === 'symlink') return { ...common, target, resolves: end === 'L' ? 'loop' : end === 'N' ? 'no' : 'yes' };
  return type === 'file' && digest !== undefined ? { ...common, digest } : common;
}
