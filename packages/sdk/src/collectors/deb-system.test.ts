import { describe, expect, it } from 'vitest';
import { parseSharedPaths } from './deb-shared-paths.ts';
import { parseDependencies } from './deb-system-dependencies.ts';

const shared = (owners: string, { merged = '', replaces = '', diversions = '' } = {}) =>
  parseSharedPaths('x', [merged, replaces, diversions, owners].join('\0'));

describe('who else owns a path', () => {
  it('the other packages of a path, whatever their architecture; not those of paths that are not ours', () => {
    expect(shared('b:amd64, x, a: /usr/lib/a: b, c\nx: /usr/lib/y\na: /usr/lib/z\n').shared).toEqual([
      { path: '/usr/lib/a: b, c', owners: ['a', 'b'] },
    ]);
  });
  it('the same package of several architectures is one', () => {
    expect(shared('x:amd64, x:i386: /usr/share/x\n').shared).toEqual([]);
  });
  it('with a merged /usr both names of a path are one', () => {
    const owners = 'a: /bin/x\nx: /usr/bin/x\nx: /lib64/y\nb: /usr/lib64/y\n';
    expect(shared(owners, { merged: 'merged' }).shared).toEqual([
      { path: '/usr/bin/x', owners: ['a'] },
      { path: '/lib64/y', owners: ['b'] },
    ]);
    expect(shared(owners).shared).toEqual([]);
  });
  it('a diverted path belongs to both, and is a diversion of the package that made it', () => {
    const owners = 'diversion by x from: /bin/sh\ndiversion by x to: /bin/sh.distrib\nx, a: /bin/sh\n';
    const diversions =
      'diversion of /bin/sh to /bin/sh.distrib by x\ndiversion of /a to /b by y\nlocal diversion of /c to /d\n';
    expect(shared(owners, { diversions })).toEqual({
      shared: [],
      diversions: [{ path: '/bin/sh', to: '/bin/sh.distrib', by: 'x' }],
      replaces: [],
    });
  });
  it('Replaces: names without versions and architectures', () => {
    expect(shared('', { replaces: 'a (<< 2), b:any, c\n' }).replaces).toEqual(['a', 'b', 'c']);
  });
});

describe('apt-get check and dpkg --audit', () => {
  it('nothing is wrong', () => {
    expect(parseDependencies('Reading package lists...\nBuilding dependency tree...\n\0')).toEqual([]);
  });
  it('each dependency that is not met', () => {
    const check = `You might want to run 'apt --fix-broken install' to correct these.
The following packages have unmet dependencies:
 a : Depends: b but it is not installed
     Depends: c (>= 2) but 1 is installed
 libd:i386 : PreDepends: e but it is not installed
E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).
`;
    expect(parseDependencies(`${check}\0`)).toEqual([
      { name: 'a', problem: 'Depends: b but it is not installed' },
      { name: 'a', problem: 'Depends: c (>= 2) but 1 is installed' },
      { name: 'libd', problem: 'PreDepends: e but it is not installed' },
    ]);
  });
  it('an apt that does not work any more', () => {
    expect(parseDependencies('E: Syntax error /etc/apt/apt.conf.d/x:1: Extra junk\n\0')).toEqual([
      { name: '', problem: 'Syntax error /etc/apt/apt.conf.d/x:1: Extra junk' },
    ]);
  });
  it('packages that are not completely installed; not those without a list of digests', () => {
    const audit = `The following packages have been unpacked but not yet configured.
They must be configured using dpkg --configure or the configure
menu option in dselect for them to work:
 a:amd64              first
 b                    second

The following packages are missing the md5sums control file in the
database, they need to be reinstalled:
 c                    third
`;
    const problem = 'The following packages have been unpacked but not yet configured';
    expect(parseDependencies(`\0${audit}`)).toEqual([
      { name: 'a', problem },
      { name: 'b', problem },
    ]);
  });
});
