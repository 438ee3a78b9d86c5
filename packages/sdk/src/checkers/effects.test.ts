import { describe, expect, it } from 'vitest';
import type { OwnedFile } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemFile } from '../contracts/snapshot.ts';
import { checksums } from './checksums.ts';
import { files } from './files.ts';
import { EMPTY, filesOf, UNCHANGED } from './snapshot.fixture.ts';

const BASE = [
  '/bin -> usr/bin',
  '/etc/',
  '/usr/',
  '/usr/bin/',
  '/usr/bin/base*',
  '/usr/lib/',
  '/var/',
  '/etc/base.conf',
  '/opt/',
  '/etc/shells',
  '/var/log/base',
];

interface Story {
  readonly own?: readonly string[];
  readonly made?: readonly string[];
  readonly changed?: Readonly<Record<string, Partial<SystemFile>>>;
  readonly owners?: Readonly<Record<string, readonly string[]>>;
  /** Installed or upgraded in the same go: name and version. */
  readonly along?: Readonly<Record<string, string>>;
  readonly statOverrides?: LaterSnapshot['statOverrides'];
}

function facts({ own = [], made = [], changed = {}, owners = {}, along = {}, statOverrides = [] }: Story) {
  const now = filesOf(...BASE, ...made);
  for (const [path, change] of Object.entries(changed)) {
    const file = now.get(path);
    if (file) now.set(path, { ...file, ...change });
  }
  return {
    ...UNCHANGED,
    'package.files': own.map((path): OwnedFile => ({ path, type: 'file' })),
    'system.before': { ...EMPTY, files: filesOf(...BASE) },
    'system.now': {
      ...EMPTY,
      files: now,
      packages: new Map([...EMPTY.packages, ['x', '1 all'] as const, ...Object.entries(along)]),
      owners: new Map(Object.entries(owners)),
      statOverrides,
    },
  };
}

const context = { phase: 'installed', package: { name: 'x' } } as const;

describe('files/unowned-file', () => {
  const unowned = (story: Story) =>
    [...files.check(facts(story), context)].map(({ rule, severity, subject }) => [rule, severity, subject]);

  it('a file below /usr that was not there before and that nobody owns', () => {
    expect(unowned({ made: ['/usr/bin/made*'] })).toEqual([['unowned-file', 'warning', '/usr/bin/made']]);
  });
  it('a directory is said once, whatever it holds', () => {
    const made = ['/usr/lib/made/', '/usr/lib/made/a', '/usr/lib/made/b/', '/usr/lib/made/b/c'];
    expect(unowned({ made })).toEqual([['unowned-file', 'warning', '/usr/lib/made']]);
  });
  it('what the package, or one that came along, owns is left alone', () => {
    expect(unowned({ made: ['/usr/bin/y*'], owners: { '/usr/bin/y': ['y'] } })).toEqual([]);
  });
  it.each([
    ['data and configuration', '/var/made'],
    ['configuration', '/etc/made'],
    ['what is of the administrator', '/usr/local/made/'],
    ['an alternative', '/usr/bin/made -> /etc/alternatives/made'],
    ['an index that serves all packages', '/usr/share/info/dir'],
    ['an index of character sets', '/usr/lib64/gconv/gconv-modules.cache'],
    ['a cache of fonts, as Fedora has it', '/usr/lib/fontconfig/cache/'],
  ])('%s is left alone: %s', (_what, path) => {
    expect(unowned({ made: [path] })).toEqual([]);
  });
  it('nobody is accused of what a package that came along may have made', () => {
    expect(unowned({ made: ['/usr/lib/made'], along: { y: '1 all' } })).toEqual([]);
    const inOwn = { own: ['/usr/lib/x'], made: ['/usr/lib/x/', '/usr/lib/x/made'], along: { y: '1 all' } };
    expect(unowned({ ...inOwn, owners: { '/usr/lib/x': ['x'] } })).toEqual([
      ['unowned-file', 'warning', '/usr/lib/x/made'],
    ]);
  });
});

describe('checksums/other-package-changed', () => {
  const changes = (story: Story) =>
    [...checksums.check(facts(story), context)].map(({ severity, subject, message }) => [severity, subject, message]);
  const judged = (story: Story) => changes(story).map(([severity, subject]) => [severity, subject]);
  const ofBase = { '/usr/bin/base': ['base'], '/etc/base.conf': ['base'] };
  const program = (change: Partial<SystemFile>, more: Story = {}) => ({
    changed: { '/usr/bin/base': change },
    owners: ofBase,
    ...more,
  });

  it.each<[Partial<SystemFile>, string]>([
    [{ size: 5 }, 'had 0 bytes, has 5'],
    [{ mode: 0o4755 }, 'had mode 0755, has 4755'],
    [{ uid: 7, gid: 8 }, 'belonged to user 0, belongs to 7, belonged to group 0, belongs to 8'],
    [{ type: 'directory' }, 'was a file, is a directory'],
  ])('an error: %j', (change, words) => {
    const message = `belongs to base, and the install changed it: it ${words}`;
    expect(changes(program(change))).toEqual([['error', '/usr/bin/base', message]]);
  });
  it('a warning when it was only written anew, when others came along, and below /etc', () => {
    const writtenAnew = [['warning', '/usr/bin/base', expect.stringMatching(/written anew$/)]];
    expect(changes(program({ modifiedAt: 5 }))).toEqual(writtenAnew);
    expect(judged(program({ size: 5 }, { along: { y: '1 all' } }))).toEqual([['warning', '/usr/bin/base']]);
    const configuration = { changed: { '/etc/base.conf': { size: 5 } }, owners: ofBase };
    expect(judged(configuration)).toEqual([['warning', '/etc/base.conf']]);
  });
  it('a warning when only rights were changed, and dpkg-statoverride has them on record', () => {
    const statOverrides = [{ path: '/bin/base', user: 'root', group: 'x', mode: 0o2755 }];
    expect(judged(program({ mode: 0o2755 }, { statOverrides }))).toEqual([['warning', '/usr/bin/base']]);
    expect(judged(program({ mode: 0o2755, size: 5 }, { statOverrides }))).toEqual([['error', '/usr/bin/base']]);
  });
  it('what nobody owned, what the package took over, and what was upgraded is left alone', () => {
    expect(judged(program({ size: 5 }, { owners: {} }))).toEqual([]);
    expect(judged(program({ size: 5 }, { owners: { '/usr/bin/base': ['base', 'x'] } }))).toEqual([]);
    expect(judged(program({ size: 5 }, { along: { base: '2 all' } }))).toEqual([]);
  });
  it('rights of a directory of several are a warning; what lies in it does not count', () => {
    const owners = { '/opt': ['base', 'x'] };
    expect(judged({ changed: { '/opt': { mode: 0o777 } }, owners })).toEqual([['warning', '/opt']]);
    expect(judged({ changed: { '/opt': { modifiedAt: 5, size: 9 } }, owners })).toEqual([]);
  });
  it('alternatives, logs, and registers that serve all packages, are left alone', () => {
    const owners = { '/etc/shells': ['base'], '/var/log/base': ['base'], ...ofBase };
    expect(judged({ changed: { '/etc/shells': { size: 5 }, '/var/log/base': { size: 5 } }, owners })).toEqual([]);
    expect(judged(program({ type: 'symlink', target: '/etc/alternatives/base' }))).toEqual([]);
  });
});
