import { describe, expect, it } from 'vitest';
import type { OwnedFile } from '../contracts/facts.ts';
import type { Phase } from '../contracts/phases.ts';
import type { LaterSnapshot, SystemProcess } from '../contracts/snapshot.ts';
import type { Remains } from './leftover-origin.ts';
import { leftovers } from './leftovers.ts';
import { EMPTY, filesOf } from './snapshot.fixture.ts';

const BASE = [
  '/bin -> usr/bin',
  '/etc/',
  '/etc/rc2.d/',
  '/etc/systemd/',
  '/etc/systemd/system/',
  '/usr/',
  '/usr/bin/',
  '/usr/bin/base',
  '/usr/lib/',
  '/var/',
  '/var/lib/',
  '/var/log/',
  '/etc/cron.d/',
];

interface Story {
  readonly phase?: Phase;
  /** What the package owned. */
  readonly own?: readonly string[];
  /** What is there besides, or instead of, the base system. */
  readonly left?: readonly string[];
  readonly gone?: readonly string[];
  readonly owners?: Readonly<Record<string, readonly string[]>>;
  /** Another package came with it. */
  readonly companion?: boolean;
  readonly now?: Partial<LaterSnapshot>;
  readonly before?: Partial<LaterSnapshot>;
}

function judged(story: Story): [rule: string, severity: string, subject: string][] {
  const { phase = 'purged', own = [], left = [], gone = [], owners = {}, companion = false } = story;
  const packages = new Map([...EMPTY.packages, ...(companion ? [['companion', '1 all'] as const] : [])]);
  const now = filesOf(...BASE, ...left);
  for (const path of gone) now.delete(path);
  const facts: Remains = {
    'package.installed': {
      name: 'x',
      version: '1',
      architecture: 'all',
      status: 'install ok installed',
      installed: true,
      essential: false,
    },
    'package.files': own.map((path): OwnedFile => ({ path, type: 'file' })),
    'system.before': { ...EMPTY, files: filesOf(...BASE), ...story.before },
    'system.now': { ...EMPTY, files: now, packages, owners: new Map(Object.entries(owners)), ...story.now },
  };
  const found = leftovers.check(facts, { phase, package: { name: 'x' } });
  return [...found].map(({ rule, severity, subject }) => [rule, severity, subject]);
}
const rules = (story: Story) => judged(story).map(([rule]) => rule);

describe('files after the purge', () => {
  it('nothing is left: nothing is said', () => {
    expect(judged({ own: ['/usr/bin/x'] })).toEqual([]);
  });
  it('file-left: outside of what programs and people write', () => {
    expect(judged({ left: ['/etc/x.conf'] })).toEqual([['file-left', 'error', '/etc/x.conf']]);
    expect(rules({ left: ['/usr/lib/x.cache'] })).toEqual(['file-left']);
  });
  it('data-left: logs and data', () => {
    expect(judged({ left: ['/var/log/x.log'] })).toEqual([['data-left', 'warning', '/var/log/x.log']]);
  });
  it('a directory is said once, whatever it holds', () => {
    const left = ['/var/lib/x/', '/var/lib/x/a/', '/var/lib/x/a/b', '/var/lib/xy'];
    expect(judged({ left })).toEqual([
      ['data-left', 'warning', '/var/lib/x'],
      ['data-left', 'warning', '/var/lib/xy'],
    ]);
  });
  it('directory-left: with nothing but directories in it', () => {
    expect(rules({ left: ['/usr/lib/x/', '/usr/lib/x/a/'] })).toEqual(['directory-left']);
  });
  it('cron-left and service-link-left have names of their own', () => {
    expect(rules({ left: ['/etc/cron.d/x'] })).toEqual(['cron-left']);
    expect(rules({ left: ['/etc/rc2.d/S01x -> ../init.d/x'] })).toEqual(['service-link-left']);
    const wants = [
      '/etc/systemd/system/multi-user.target.wants/',
      '/etc/systemd/system/multi-user.target.wants/x.service -> /lib/systemd/system/x.service',
    ];
    expect(rules({ left: wants })).toEqual(['service-link-left']);
  });
  it('what a package that stays owns is its own', () => {
    expect(judged({ left: ['/usr/lib/y'], owners: { '/usr/lib/y': ['companion'] }, companion: true })).toEqual([]);
  });
  it('caches and registers that serve all packages are nobody’s', () => {
    const left = [
      '/etc/ld.so.cache',
      '/var/cache/ldconfig/',
      '/etc/passwd-',
      '/var/lib/ucf/',
      '/etc/alternatives/x -> /usr/bin/x',
      '/usr/bin/y -> /etc/alternatives/y',
      '/usr/share/info/dir',
    ];
    expect(judged({ left })).toEqual([]);
  });
  it('byte code of a module that is there is nobody’s, of one that is gone it is the package’s', () => {
    const cache = ['/usr/lib/m/', '/usr/lib/m/__pycache__/', '/usr/lib/m/__pycache__/a.cpython-311.pyc'];
    const owners = { '/usr/lib/m': ['base'], '/usr/lib/m/a.py': ['base'] };
    expect(judged({ left: [...cache, '/usr/lib/m/a.py'], owners })).toEqual([]);
    const before = { files: filesOf(...BASE, '/usr/lib/m/', '/usr/lib/m/__pycache__/') };
    expect(rules({ left: cache, before })).toEqual(['file-left']);
  });
});

describe('files after the removal', () => {
  it('configuration, data and logs may stay', () => {
    expect(judged({ phase: 'removed', left: ['/etc/x.conf', '/var/lib/x/', '/var/log/x.log'] })).toEqual([]);
  });
  it('program-left: anything else', () => {
    const left = ['/usr/lib/x/', '/usr/lib/x/cache'];
    expect(judged({ phase: 'removed', left })).toEqual([['program-left', 'warning', '/usr/lib/x']]);
  });
  it('a configuration file that the package keeps, wherever, is its own', () => {
    expect(judged({ phase: 'removed', left: ['/usr/lib/x.conf'], owners: { '/usr/lib/x.conf': ['x'] } })).toEqual([]);
  });
});

describe('packages that came with it and stay', () => {
  const companion = true;
  it('nobody knows who made it: one word, and no error', () => {
    expect(judged({ companion, left: ['/etc/a', '/usr/lib/b/', '/usr/lib/b/c'] })).toEqual([
      ['unclear-origin', 'info', 'x'],
    ]);
  });
  it('in a directory of theirs it is theirs, also by its other name', () => {
    const left = ['/usr/bin/d/', '/usr/bin/d/a'];
    expect(judged({ companion, left, owners: { '/usr/bin/d': ['companion'] } })).toEqual([]);
    const link = ['/etc/systemd/system/y.service -> /bin/y.service', '/usr/bin/y.service'];
    expect(judged({ companion, left: link, owners: { '/usr/bin/y.service': ['companion'] } })).toEqual([]);
  });
  it('in a directory that the package alone had, it is the package’s', () => {
    expect(rules({ companion, own: ['/var/lib/d'], left: ['/var/lib/d/', '/var/lib/d/a'] })).toEqual(['data-left']);
  });
  it('a link to what the package owned is the package’s', () => {
    const left = ['/etc/rc2.d/S01d -> ../init.d/d'];
    expect(rules({ companion, own: ['/etc/init.d/d'], left })).toEqual(['service-link-left']);
  });
  it('what is called as the package is the package’s, unless others are called like it', () => {
    expect(rules({ companion, left: ['/var/lib/x/'] })).toEqual(['directory-left']);
    const now = { files: filesOf(...BASE, '/var/lib/x/'), packages: new Map([['x-common', '1 all']]) };
    expect(rules({ now })).toEqual(['unclear-origin']);
  });
});

describe('accounts, alternatives, diversions, overrides', () => {
  const users = new Map([...EMPTY.users, ['_x', 100], ['other', 101]]);
  it('user-left, group-left', () => {
    expect(judged({ now: { users, groups: new Map([['x', 100]]) } })).toEqual([
      ['user-left', 'warning', '_x'],
      ['user-left', 'warning', 'other'],
      ['group-left', 'warning', 'x'],
    ]);
  });
  it('accounts may be those of a package that came with it', () => {
    expect(rules({ now: { users }, companion: true })).toEqual(['user-left', 'unclear-origin']);
  });
  const offers = (candidate: string) => ({
    alternatives: new Map([['a', { link: '/usr/bin/a', candidates: [candidate] }]]),
  });
  it('alternative-left: it leads nowhere', () => {
    expect(judged({ phase: 'removed', now: offers('/usr/bin/x') })).toEqual([
      ['alternative-left', 'error', '/usr/bin/a'],
    ]);
  });
  it('an alternative that leads somewhere, or led nowhere before, is left alone', () => {
    expect(judged({ phase: 'removed', now: offers('/bin/base') })).toEqual([]);
    expect(judged({ phase: 'removed', now: offers('/usr/bin/x'), before: offers('/usr/bin/x') })).toEqual([]);
  });
  it("diversion-left: the package's, not another's", () => {
    const by = (name: string) => ({ diversions: [{ path: '/usr/bin/base', to: '/usr/bin/base.x', by: name }] });
    expect(judged({ now: by('x') })).toEqual([['diversion-left', 'error', '/usr/bin/base']]);
    expect(judged({ now: by('base') })).toEqual([]);
    expect(judged({ now: by('x'), before: by('x') })).toEqual([]);
  });
  it('override-left', () => {
    const now = { statOverrides: [{ path: '/bin/x', user: 'root', group: 'x', mode: 0o2755 }] };
    expect(judged({ now })).toEqual([['override-left', 'error', '/bin/x']]);
    expect(judged({ now, companion: true })).toEqual([]);
    expect(rules({ now, companion: true, own: ['/usr/bin/x'] })).toEqual(['override-left']);
  });
});

describe('processes', () => {
  const process = (executable: string, deleted = false): SystemProcess => ({
    pid: 9,
    startedAt: 5,
    uid: 0,
    executable,
    deleted,
    command: 'x',
  });
  const running = (...args: Parameters<typeof process>) => ({ processes: [process(...args)] });
  it('process-left: started by the package, and an error when its program is gone', () => {
    expect(judged({ phase: 'removed', now: running('/usr/bin/base') })).toEqual([
      ['process-left', 'warning', '/usr/bin/base'],
    ]);
    expect(judged({ phase: 'removed', now: running('/usr/bin/x', true) })).toEqual([
      ['process-left', 'error', '/usr/bin/x'],
    ]);
  });
  it('what ran before, and the service of a package that stays, are left alone', () => {
    const now = running('/usr/bin/y');
    expect(judged({ phase: 'removed', now, before: now })).toEqual([]);
    expect(judged({ phase: 'removed', now: { ...now, owners: new Map([['/usr/bin/y', ['companion']]]) } })).toEqual([]);
    expect(judged({ phase: 'removed', now, companion: true })).toEqual([]);
  });
});

describe('files of others', () => {
  const owners = { '/usr/bin/base': ['base'] };
  it('others-file-removed', () => {
    expect(judged({ gone: ['/usr/bin/base'], owners })).toEqual([['others-file-removed', 'error', '/usr/bin/base']]);
  });
  it('what nobody, or only the package itself, or a package that is gone too, owned may go', () => {
    expect(judged({ gone: ['/usr/bin/base'] })).toEqual([]);
    expect(judged({ gone: ['/usr/bin/base'], owners: { '/usr/bin/base': ['x'] } })).toEqual([]);
    expect(judged({ gone: ['/usr/bin/base'], owners: { '/usr/bin/base': ['replaced'] } })).toEqual([]);
  });
});
