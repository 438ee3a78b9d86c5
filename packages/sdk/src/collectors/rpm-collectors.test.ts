import { describe, expect, it } from 'vitest';
import { parseFiles } from './rpm-files.ts';
import { parseShared } from './rpm-shared-paths.ts';
import { parseUnmet } from './rpm-system-dependencies.ts';

const REGULAR = 0o100644;
const HEX = 'a'.repeat(64);
/** All is verified: rpmvf.h. */
const ALL = 0xffffffff;

/** A line of the listing of rpm. */
const record = (path: string, { mode = REGULAR, flags = 0, verify = ALL, hex = '', caps = '', target = "''" } = {}) =>
  [mode, 'root', 'root', 5, hex, flags, verify, caps, target, `'${path}'`].join('\t').concat('\n');
const seen = (path: string, type = 'f', rest = ['f', '644', 'root', 'root', '5', '']) =>
  [type, ...rest, path].map((field) => `${field}\0`).join('');
const printed = (records: string, found: string, digests = '', verified = '') =>
  `sha256sum\0${records}\0${found}\0${digests}\0${verified}`;

describe('files of an rpm', () => {
  it('what is on record, and what is there', () => {
    const [file] = parseFiles(printed(record('/x', { hex: HEX }), seen('/x'), `${HEX}  /x\n`));
    expect(file).toEqual({
      path: '/x',
      type: 'file',
      mode: 0o644,
      user: 'root',
      group: 'root',
      size: 5,
      digest: HEX,
      recorded: {
        type: 'file',
        mode: 0o644,
        user: 'root',
        group: 'root',
        size: 5,
        digest: { algorithm: 'sha256', hex: HEX },
      },
    });
  });
  it('links, directories and devices are on record as such', () => {
    const modes = [0o120777, 0o40755, 0o20644];
    const text = printed(modes.map((mode, index) => record(`/${index}`, { mode, target: "'there'" })).join(''), '');
    expect(parseFiles(text).map(({ recorded }) => [recorded?.type, recorded?.target])).toEqual([
      ['symlink', 'there'],
      ['directory', undefined],
      ['other', undefined],
    ]);
  });
  it('missing files, and what the package wants not to be verified', () => {
    const [ghost, kept] = parseFiles(
      printed(record('/ghost', { flags: 1 << 6 }) + record('/kept', { verify: ALL - 3, flags: 1 }), ''),
    );
    expect(ghost).toMatchObject({ type: 'missing', recorded: { optional: true } });
    expect(kept).toMatchObject({ type: 'missing', recorded: { config: true, unverified: ['digest', 'size'] } });
  });
  it('odd names in digests; nothing of a line that was cut off when time was up', () => {
    const records = [`/a'\\''b\nc`, '/x', '/x.so'].map((path) => record(path)).join('');
    const found = ["/a'b\nc", '/x', '/x.so'].map((path) => seen(path)).join('');
    const files = parseFiles(printed(records, found, `\\${HEX}  /a'b\\nc\n${HEX}  /x`));
    expect(files.map(({ path, digest }) => [path, digest])).toEqual([
      ["/a'b\nc", HEX],
      ['/x', undefined],
      ['/x.so', undefined],
    ]);
  });
  it('a hundred thousand of them are read as fast as written', () => {
    const paths = Array.from({ length: 100_000 }, (_, index) => `/usr/share/x/${index}`);
    const files = parseFiles(
      printed(paths.map((path) => record(path)).join(''), paths.map((path) => seen(path)).join('')),
    );
    expect(files.filter(({ type }) => type === 'file')).toHaveLength(100_000);
  });
  it('a package that is not there has none', () => expect(parseFiles('')).toEqual([]));
});

describe('who else owns a path of an rpm', () => {
  const claim = (owner: string, { path = '/usr/lib/a', flags = 0, color = 0, mode = REGULAR, hex = HEX } = {}) =>
    `${[owner, flags, color, mode, hex, '', path].join('\t')}\n`;
  const shared = (...claims: string[]) =>
    parseShared('x', [{ path: '/usr/lib/a', owners: ['y'] }], `old\nold\n\0${claims.join('')}`);
  it('another content or mode', () => {
    expect(shared(claim('x'), claim('y', { hex: 'b' }))).toEqual({
      shared: [{ path: '/usr/lib/a', owners: ['y'] }],
      diversions: [],
      replaces: ['old'],
    });
    expect(shared(claim('x'), claim('y', { mode: 0o100755 })).shared).toHaveLength(1);
  });
  it('by another name of its directory', () => {
    expect(shared(claim('x'), claim('y', { path: '/lib/a', hex: 'b' })).shared).toHaveLength(1);
  });
  it('leaves alone what rpm allows: the same file, a %ghost, a library of the other width', () => {
    expect(shared(claim('x'), claim('y')).shared).toEqual([]);
    expect(shared(claim('x'), claim('y', { hex: '', flags: 1 << 6 })).shared).toEqual([]);
    expect(shared(claim('x', { color: 2 }), claim('y', { hex: 'b', color: 1 })).shared).toEqual([]);
    expect(shared(claim('x', { color: 2 }), claim('y', { hex: 'b', color: 2 })).shared).toHaveLength(1);
  });
});

describe('rpm -Va', () => {
  it('nothing is wrong', () => expect(parseUnmet('')).toEqual([]));
  it('each dependency that is not met', () => {
    const text = `Unsatisfied dependencies for a-b-1:1.0-1.el9.x86_64:
\tc >= 2 is needed by (installed) a-b-1:1.0-1.el9.x86_64
\t/usr/bin/d is needed by (installed) a-b-1:1.0-1.el9.x86_64
Unsatisfied dependencies for e-2-1.noarch: f is needed by (installed) e-2-1.noarch
`;
    expect(parseUnmet(text)).toEqual([
      { name: 'a-b', problem: 'c >= 2 is needed by (installed) a-b-1:1.0-1.el9.x86_64' },
      { name: 'a-b', problem: '/usr/bin/d is needed by (installed) a-b-1:1.0-1.el9.x86_64' },
      { name: 'e', problem: 'f is needed by (installed) e-2-1.noarch' },
    ]);
  });
});
