import type { RecordedFile } from '../contracts/facts.ts';

const MD5 = /^[0-9a-f]{32}$/;

/** What dpkg has on record of a package's files, as its own tools print it. */
export interface DebRecords {
  /** The control file `md5sums`, deb-md5sums(5). */
  readonly md5sums: string;
  /** `dpkg-query -W -f '${Conffiles}'`. */
  readonly conffiles: string;
  /** `dpkg-statoverride --list`, of all packages. */
  readonly overrides: string;
}

/**
 * Reads what is on record of each path. dpkg keeps no modes and no owners, but those that a statoverride asks for.
 * @param paths all paths of the package: whatever has others below it is a directory
 */
export function parseRecords({ md5sums, conffiles, overrides }: DebRecords, paths: Iterable<string>) {
  const records = new Map<string, RecordedFile>();
  const add = (path: string, record: RecordedFile) => records.set(path, { ...records.get(path), ...record });
  for (const path of paths) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && records.get(parent) === undefined) add(parent, { type: 'directory' });
  }
  for (const [path, hex] of parseMd5sums(md5sums)) add(path, { type: 'file', digest: { algorithm: 'md5', hex } });
  for (const [path, record] of parseConffiles(conffiles)) add(path, record);
  for (const [path, record] of parseOverrides(overrides)) add(path, record);
  return records;
}

/** `<md5>  <path without its first slash>`; md5sum(1) puts a backslash before a line whose name it had to escape. */
function* parseMd5sums(text: string): Generator<[path: string, hex: string]> {
  for (const line of text.split('\n')) {
    const [, escaped, hex, name] = /^(\\?)([0-9a-f]{32}) [ *](.+)$/.exec(line) ?? [];
    if (hex === undefined || name === undefined) continue;
    const path = escaped ? name.replaceAll('\\\\', '\\') : name;
    yield [`/${path.replace(/^(?:\.?\/)+/, '')}`, hex];
  }
}

/** ` <path> <md5>`, then `obsolete` or `remove-on-upgrade`: what another version had, and need not be there. */
function* parseConffiles(text: string): Generator<[path: string, record: RecordedFile]> {
  for (const line of text.split('\n')) {
    const [, path, hex = '', flag] = /^ (\/.*?) (\S+)( obsolete| remove-on-upgrade)?$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (flag !== undefined) yield [path, { config: true, optional: true }];
    else yield [path, { type: 'file', config: true, ...(MD5.test(hex) && { digest: { algorithm: 'md5', hex } }) }];
  }
}

/** `<user> <group> <octal mode> <path>`; a user or group without a name is `#` and its number. */
function* parseOverrides(text: string): Generator<[path: string, record: RecordedFile]> {
  for (const line of text.split('\n')) {
    const [, user, group, mode, path] = /^#?(\S+) #?(\S+) ([0-7]+) (\/.*)$/.exec(line) ?? [];
    if (user === undefined || group === undefined || mode === undefined || path === undefined) continue;
    yield [path, { user, group, mode: Number.parseInt(mode, 8) }];
  }
}
