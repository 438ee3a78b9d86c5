import { describe, expect, it } from 'vitest';
import { parseFiles } from './deb-files.ts';
import { parseInstalled } from './deb-installed.ts';
import { parseListing } from './dpkg-listing.ts';

describe('dpkg-query --listfiles', () => {
  it('a diverted file is looked for where it was moved to', () => {
    const listing =
      '/.\n/bin\n/bin/sh\ndiverted by dash to: /bin/sh.distrib\n/usr/bin/x\nlocally diverted to: /usr/bin/x.old\n';
    expect([...parseListing(listing)]).toEqual([
      ['/', '/.'],
      ['/bin', '/bin'],
      ['/bin/sh', '/bin/sh.distrib'],
      ['/usr/bin/x', '/usr/bin/x.old'],
    ]);
  });
  it("a package's own diversion of others moves nothing of its own", () => {
    expect([...parseListing('/bin/sh\npackage diverts others to: /bin/sh.distrib\n')]).toEqual([
      ['/bin/sh', '/bin/sh'],
    ]);
  });
});

describe('what is there of the files', () => {
  it('types, targets, ends of links, and what is missing', () => {
    const seen = [
      'd\0d\0/etc\0',
      'f\0f\0/etc/a\nb\0',
      'l\0f\0/etc/good\0a',
      'l\0N\0/etc/broken\0nowhere',
      'l\0L\0/etc/loop\0loop',
    ];
    const text = `/etc\n/etc/good\n/etc/broken\n/etc/loop\n/etc/gone\n\0${seen.join('\0')}\0`;
    expect(parseFiles(text)).toEqual([
      { path: '/etc', type: 'directory' },
      { path: '/etc/good', type: 'symlink', target: 'a', resolves: 'yes' },
      { path: '/etc/broken', type: 'symlink', target: 'nowhere', resolves: 'no' },
      { path: '/etc/loop', type: 'symlink', target: 'loop', resolves: 'loop' },
      { path: '/etc/gone', type: 'missing' },
    ]);
  });
  it('a package that is not there has none', () => {
    expect(parseFiles('')).toEqual([]);
  });
});

describe('dpkg-query --show', () => {
  it('a package that nobody knows is not installed', () => {
    expect(parseInstalled('x', '')).toEqual({
      name: 'x',
      version: null,
      architecture: null,
      status: 'unknown ok not-installed',
      installed: false,
      essential: false,
    });
  });
  it('configured is installed, unpacked is not, held is', () => {
    expect(parseInstalled('x', 'install ok installed\t1\tall\t\tno\n')).toMatchObject({
      installed: true,
      version: '1',
    });
    expect(parseInstalled('x', 'hold ok installed\t1\tall\t\tno\n')).toMatchObject({ installed: true });
    expect(parseInstalled('x', 'install ok half-configured\t1\tall\t\tno\n')).toMatchObject({ installed: false });
    expect(parseInstalled('x', 'install reinstreq half-installed\t1\tall\t\tno\n')).toMatchObject({ installed: false });
  });
  it('of several architectures the expected one counts', () => {
    const text =
      'deinstall ok config-files\t1\ti386\t\tno\ninstall ok installed\t1\tamd64\t\tno\ninstall ok installed\t1\tarm64\t\tno\n';
    expect(parseInstalled('x', text)).toMatchObject({ architecture: 'amd64' });
    expect(parseInstalled('x', text, 'arm64')).toMatchObject({ architecture: 'arm64' });
  });
  it('essential and protected packages cannot go', () => {
    expect(parseInstalled('x', 'install ok installed\t1\tall\tyes\tno\n').essential).toBe(true);
    expect(parseInstalled('x', 'install ok installed\t1\tall\tno\tyes\n').essential).toBe(true);
    expect(parseInstalled('x', 'install ok installed\t1\tall\tno\tno\n').essential).toBe(false);
  });
});
