import type { OwnedFile, RecordedFile } from '../contracts/facts.ts';
import { parseRecords } from './deb-records.ts';
import { parseListing } from './dpkg-listing.ts';

/** find(1) for each path: type, type at the end of its links, path, target, mode, user, group, size. */
export const FIND_FORMAT = '%y\\0%Y\\0%p\\0%l\\0%m\\0%u\\0%g\\0%s\\0';
const FIELDS = 8;

interface Seen {
  readonly found: ReadonlyMap<string, OwnedFile>;
  readonly digests: ReadonlyMap<string, string>;
  readonly capabilities: ReadonlyMap<string, string>;
}

/**
 * Reads what the script of deb-files prints, parts of it ended by NUL: the listing, md5sums, conffiles, overrides, the
 * capabilities; then find's fields for each path, an empty one, and what `md5sum -z` says of each regular file.
 */
export function parseFiles(text: string): OwnedFile[] {
  const [listing = '', md5sums = '', conffiles = '', overrides = '', capabilities = '', ...rest] = text.split('\0');
  const places = parseListing(listing);
  const recorded = parseRecords({ md5sums, conffiles, overrides }, places.keys());
  const { found, end } = parseFound(rest);
  const seen = { found, digests: parseDigests(rest.slice(end + 1, -1)), capabilities: parseCapabilities(capabilities) };
  return [...places].map(([path, place]) => ownedFile(path, place, seen, recorded.get(path)));
}

const TYPES: Readonly<Record<string, OwnedFile['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

function parseFound(fields: readonly string[]): { readonly found: Map<string, OwnedFile>; readonly end: number } {
  const found = new Map<string, OwnedFile>();
  let at = 0;
  for (; at + FIELDS <= fields.length && fields[at] !== ''; at += FIELDS) {
    const record = fields.slice(at, at + FIELDS);
    const [letter = '', end, path = '', target = '', mode = '', user = '', group = '', size] = record;
    const type = TYPES[letter] ?? 'other';
    found.set(path, {
      path,
      type,
      ...(type === 'symlink' && { target, resolves: end === 'L' ? 'loop' : end === 'N' ? 'no' : 'yes' }),
      mode: Number.parseInt(mode, 8),
      user,
      group,
      ...(type === 'file' && { size: Number(size) }),
    });
  }
  return { found, end: at };
}

/** `<md5>  <path>`; with -z md5sum(1) escapes nothing. What has no NUL at its end was cut off with md5sum. */
function parseDigests(records: readonly string[]): Map<string, string> {
  return new Map(records.filter((record) => record !== '').map((record) => [record.slice(34), record.slice(0, 32)]));
}

/** getcap(8): `<path> cap_net_raw=ep`, with ` = ` before libcap 2.41. */
function parseCapabilities(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^(\/.*?) (?:= )?(\S*[=+]\S*(?: \S*[=+]\S*)*)$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2]] as const] : [])));
}

function ownedFile(path: string, place: string, seen: Seen, recorded: RecordedFile | undefined): OwnedFile {
  const digest = seen.digests.get(place);
  const capabilities = seen.capabilities.get(place);
  return {
    ...(seen.found.get(place) ?? { type: 'missing' }),
    path,
    ...(digest !== undefined && { digest }),
    ...(capabilities !== undefined && { capabilities }),
    ...(recorded !== undefined && { recorded }),
  };
}
