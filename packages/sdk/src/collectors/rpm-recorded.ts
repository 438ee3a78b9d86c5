import type { OwnedFile, RecordedFile } from '../contracts/facts.ts';

/** What rpm has on record of one file. */
export interface RpmRecord {
  readonly path: string;
  readonly recorded: RecordedFile;
}

/** Flags of files, rpmfi.h: RPMFILE_CONFIG, _DOC, _MISSINGOK, _GHOST. */
const CONFIG = 1 << 0;
const DOC = 1 << 1;
const MISSING_OK = 1 << 3;
const GHOST = 1 << 6;

type Unverified = NonNullable<RecordedFile['unverified']>[number];

/** What is verified, rpmvf.h: a bit that is not set says that the package wants it not to be. */
const VERIFY: readonly (readonly [number, Unverified])[] = [
  [1 << 0, 'digest'],
  [1 << 1, 'size'],
  [1 << 2, 'target'],
  [1 << 3, 'user'],
  [1 << 4, 'group'],
  [1 << 6, 'mode'],
  [1 << 8, 'capabilities'],
];
/** Of a %ghost rpm has seen neither content nor size: rpm(8) does not verify them whatever the package says. */
const NEVER_OF_GHOSTS: readonly Unverified[] = ['digest', 'size', 'target'];

const ALGORITHMS: Readonly<Record<string, NonNullable<RecordedFile['digest']>['algorithm']>> = {
  md5sum: 'md5',
  sha1sum: 'sha1',
  sha256sum: 'sha256',
  sha384sum: 'sha384',
  sha512sum: 'sha512',
};

/** File types of st_mode, inode(7). */
const TYPES: Readonly<Record<number, OwnedFile['type']>> = { 4: 'directory', 8: 'file', 10: 'symlink' };

/** Seven fields and the capabilities, then link target and path as rpm's shescape quotes them: `'it'\''s'`. */
const RECORD =
  /(\d+)\t([^\t\n]*)\t([^\t\n]*)\t(\d+)\t([0-9a-f]*)\t(\d+)\t(\d+)\t([^\t\n]*)\t((?:'[^']*'|\\')*)\t((?:'[^']*'|\\')*)\n/gy;

const unquote = (text: string): string =>
  text.replace(/'([^']*)'|\\(')/g, (_, plain = '', quote = '') => plain + quote);

/**
 * Reads what rpm has on record.
 * @param sum the program that the package's digests are of: `sha256sum`
 */
export function parseRecorded(text: string, sum: string): RpmRecord[] {
  return [...text.matchAll(RECORD)].map(
    ([
      ,
      mode = '',
      user = '',
      group = '',
      size = '',
      hex = '',
      flags = '',
      verify = '',
      caps = '',
      target = '',
      path = '',
    ]) => ({
      path: unquote(path),
      recorded: recordOf({
        mode: Number(mode),
        user,
        group,
        size: Number(size),
        hex,
        flags: Number(flags),
        verify: Number(verify),
        caps,
        target: unquote(target),
        algorithm: ALGORITHMS[sum],
      }),
    }),
  );
}

interface Fields {
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  readonly size: number;
  readonly hex: string;
  readonly flags: number;
  readonly verify: number;
  readonly caps: string;
  readonly target: string;
  readonly algorithm: NonNullable<RecordedFile['digest']>['algorithm'] | undefined;
}

function recordOf(fields: Fields): RecordedFile {
  const { mode, user, group, size, hex, flags, verify, caps, target, algorithm } = fields;
  const type = TYPES[mode >>> 12] ?? 'other';
  const ghost = (flags & GHOST) !== 0;
  const unverified = VERIFY.filter(([bit, what]) => (verify & bit) === 0 || (ghost && NEVER_OF_GHOSTS.includes(what)));
  return {
    type,
    mode: mode & 0o7777,
    user,
    group,
    ...(type === 'file' ? { size } : {}),
    ...(type === 'symlink' && target !== '' ? { target } : {}),
    ...(hex !== '' && algorithm ? { digest: { algorithm, hex } } : {}),
    ...(caps !== '' && caps !== '(none)' ? { capabilities: caps } : {}),
    ...((flags & CONFIG) !== 0 ? { config: true } : {}),
    ...(ghost || (flags & MISSING_OK) !== 0 ? { optional: true } : {}),
    ...((flags & DOC) !== 0 ? { documentation: true } : {}),
    ...(unverified.length > 0 ? { unverified: unverified.map(([, what]) => what) } : {}),
  };
}
