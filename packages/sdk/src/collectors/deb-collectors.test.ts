import { describe, expect, it } from 'vitest';
import { parseFiles } from './deb-files-output.ts';
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

/** What the script prints: the parts, find's fields, digests. */
function printed(
  listing: readonly string[],
  seen: readonly string[],
  { md5sums = '', conffiles = '', overrides = '', capabilities = '', digests = [] as readonly string[] } = {},
): string {
  const end = ['', ...digests, ''];
  return [`${listing.join('\n')}\n`, md5sums, conffiles, overrides, capabilities, ...seen, ...end].join('\0');
}
const FILE = 'd41d8cd98f00b204e9800998ecf8427e';
const OTHER = '0123456789abcdef0123456789abcdef';
const onRecord = (hex: string) => ({ type: 'file', digest: { algorithm: 'md5', hex } });

describe('what is there of the files', () => {
  it('a hundred thousand of them are read as fast as written', () => {
    const listing = Array.from({ length: 100_000 }, (_, index) => `/usr/share/x/${index}`);
    const seen = listing.map((path) => `f\0f\0${path}\0\x00644\0root\0root\x001`);
    expect(parseFiles(printed(listing, seen)).filter(({ type }) => type === 'file')).toHaveLength(100_000);
  });
  it('types, targets, ends of links, owners, modes, sizes, and what is missing', () => {
    const seen = [
      'd\0d\0/etc\0\x00755\0root\0root\x004096',
      'f\0f\0/etc/a b\0\x004755\0root\x001234\x0017',
      'l\0f\0/etc/good\0a\x00777\0root\0root\x001',
      'l\0N\0/etc/broken\0nowhere\x00777\0root\0root\x001',
      'l\0L\0/etc/loop\0loop\x00777\0root\0root\x001',
      's\0s\0/etc/socket\0\x00755\0root\0root\x000',
    ];
    const listing = ['/etc', '/etc/a b', '/etc/good', '/etc/broken', '/etc/loop', '/etc/socket', '/etc/gone'];
    const root = { user: 'root', group: 'root' };
    expect(parseFiles(printed(listing, seen))).toEqual([
      { path: '/etc', type: 'directory', mode: 0o755, ...root, recorded: { type: 'directory' } },
      { path: '/etc/a b', type: 'file', mode: 0o4755, user: 'root', group: '1234', size: 17 },
      { path: '/etc/good', type: 'symlink', target: 'a', resolves: 'yes', mode: 0o777, ...root },
      { path: '/etc/broken', type: 'symlink', target: 'nowhere', resolves: 'no', mode: 0o777, ...root },
      { path: '/etc/loop', type: 'symlink', target: 'loop', resolves: 'loop', mode: 0o777, ...root },
      { path: '/etc/socket', type: 'other', mode: 0o755, ...root },
      { path: '/etc/gone', type: 'missing' },
    ]);
  });
  it('digests, also of a file that was diverted, or whose name is odd', () => {
    const listing = ['/bin/sh', 'diverted by dash to: /bin/sh.distrib', '/bin/a\\b ü'];
    const seen = ['f\0f\0/bin/sh.distrib\0\x00755\0root\0root\x001', 'f\0f\0/bin/a\\b ü\0\x00644\0root\0root\x001'];
    const digests = [`${FILE}  /bin/sh.distrib`, `${OTHER}  /bin/a\\b ü`];
    const md5sums = `${FILE}  bin/sh\n\\${FILE}  bin/a\\\\b ü\n`;
    expect(parseFiles(printed(listing, seen, { digests, md5sums }))).toMatchObject([
      { path: '/bin/sh', digest: FILE, recorded: onRecord(FILE) },
      { path: '/bin/a\\b ü', digest: OTHER, recorded: onRecord(FILE) },
    ]);
  });
  it('no digest of a file at which md5sum was cut off', () => {
    const seen = ['/x', '/xy'].map((path) => `f\0f\0${path}\0\x00644\0root\0root\x001`);
    const text = printed(['/x', '/xy'], seen, { digests: [`${FILE}  /xy`] });
    expect(parseFiles(text).map(({ digest }) => digest)).toEqual([undefined, FILE]);
    expect(parseFiles(text.slice(0, -2)).map(({ digest }) => digest)).toEqual([undefined, undefined]);
  });
  it('conffiles; what another version had need not be there', () => {
    const conffiles = ` /etc/a b ${FILE}\n /etc/new newconffile\n /etc/old ${FILE} obsolete\n`;
    expect(parseFiles(printed(['/etc/a b', '/etc/new', '/etc/old'], [], { conffiles }))).toEqual([
      { path: '/etc/a b', type: 'missing', recorded: { ...onRecord(FILE), config: true } },
      { path: '/etc/new', type: 'missing', recorded: { type: 'file', config: true } },
      { path: '/etc/old', type: 'missing', recorded: { config: true, optional: true } },
    ]);
  });
  it('modes and owners that a statoverride asks for, besides what else is on record', () => {
    const overrides = 'root crontab 2755 /usr/bin/x\n#7 root 644 /of/another\n';
    expect(parseFiles(printed(['/usr/bin/x'], [], { overrides, md5sums: `${FILE}  usr/bin/x` }))).toEqual([
      {
        path: '/usr/bin/x',
        type: 'missing',
        recorded: { ...onRecord(FILE), user: 'root', group: 'crontab', mode: 0o2755 },
      },
    ]);
  });
  it.each(['/x y cap_net_raw=ep', '/x y = cap_net_raw+ep'])('capabilities: %s', (capabilities) => {
    const [file] = parseFiles(printed(['/x y'], ['f\0f\0/x y\0\x00755\0root\0root\x001'], { capabilities }));
    expect(file?.capabilities).toMatch(/^cap_net_raw[=+]ep$/);
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
