import { describe, expect, it } from 'vitest';
import type { ElfDynamic } from '../../contracts/elf.ts';
import { parseLoaderView } from '../loader-view.ts';
import { readLdCache } from './ld-cache.ts';
import { placesFor } from './loader-search.ts';
import { parseProbe } from './probe-files.ts';

const X86_64 = { bits: 64, byteOrder: 'little', machine: 62 } as const;
const elf = (more: Partial<ElfDynamic> = {}): ElfDynamic => ({
  ...X86_64,
  type: 'shared',
  dynamic: true,
  needed: [],
  ignoresDefaultDirectories: false,
  positionIndependent: true,
  versionNeeds: [],
  versionDefinitions: [],
  ...more,
});

/** A cache as ldconfig writes it. */
function cacheOf(entries: readonly [name: string, path: string, hwcap?: bigint][], flag = 2): Buffer {
  const header = Buffer.alloc(48);
  header.write('glibc-ld.so.cache1.1');
  header.writeUInt32LE(entries.length, 20);
  header[28] = flag;
  const records = Buffer.alloc(24 * entries.length);
  let strings = Buffer.alloc(0);
  const base = header.length + records.length;
  const add = (text: string) => {
    const offset = base + strings.length;
    strings = Buffer.concat([strings, Buffer.from(`${text}\0`)]);
    return offset;
  };
  entries.forEach(([name, path, hwcap = 0n], index) => {
    records.writeUInt32LE(0x0303, index * 24);
    records.writeUInt32LE(add(name), index * 24 + 4);
    records.writeUInt32LE(add(path), index * 24 + 8);
    records.writeBigUInt64LE(hwcap, index * 24 + 16);
  });
  return Buffer.concat([header, records, strings]);
}

describe('ld.so.cache', () => {
  const cache = cacheOf([
    ['libz.so.1', '/lib/fast/libz.so.1', 1n << 62n],
    ['libz.so.1', '/lib/x86_64-linux-gnu/libz.so.1'],
    ['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6'],
  ]);
  it('says where libraries are, those for every processor first', () => {
    expect([...readLdCache(cache)]).toEqual([
      ['libz.so.1', ['/lib/x86_64-linux-gnu/libz.so.1', '/lib/fast/libz.so.1']],
      ['libc.so.6', ['/lib/x86_64-linux-gnu/libc.so.6']],
    ]);
  });
  it('one that an older format stands before is read, too', () => {
    expect(readLdCache(Buffer.concat([Buffer.from('ld.so-1.7.0\0garbage.'), cache])).size).toBe(2);
  });
  it('one of before glibc 2.33, which does not say its byte order', () => {
    expect(readLdCache(cacheOf([['libc.so.6', '/lib/libc.so.6']], 0)).get('libc.so.6')).toEqual(['/lib/libc.so.6']);
  });
  it('one that is cut off is read as far as it goes', () => {
    for (let length = 0; length < cache.length; length += 1) {
      expect(readLdCache(cache.subarray(0, length)).size).toBeLessThanOrEqual(2);
    }
  });
});

const braced = (token: string) => `\${${token}}`;

describe('where the loader looks', () => {
  const view = {
    cache: Object.fromEntries(
      readLdCache(
        cacheOf([
          ['libx.so.1', '/usr/lib/x86_64-linux-gnu/libx.so.1'],
          ['libx.so.1', '/opt/cached/libx.so.1'],
        ]),
      ),
    ),
    configured: ['/opt/configured', '/opt/cached'],
  };
  const look = (needed: string, file: ElfDynamic) => placesFor(needed, file, '/usr/lib/app', view).places;
  const DEFAULTS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
  const inDefaults = (name: string) => DEFAULTS.map((directory) => `${directory}/${name}`);

  it('RPATH, then the cache, then default directories', () => {
    expect(look('liby.so', elf({ rpath: '/opt/r' }))).toEqual(['/opt/r/liby.so', ...inDefaults('liby.so')]);
    expect(look('libx.so.1', elf()).slice(0, 2)).toEqual([
      '/usr/lib/x86_64-linux-gnu/libx.so.1',
      '/opt/cached/libx.so.1',
    ]);
  });
  it('RUNPATH makes it ignore RPATH', () => {
    expect(look('liby.so', elf({ rpath: '/opt/r', runpath: '/opt/run' }))[0]).toBe('/opt/run/liby.so');
    expect(look('liby.so', elf({ rpath: '/opt/r', runpath: '/opt/run' }))).not.toContain('/opt/r/liby.so');
  });
  it('$ORIGIN, $LIB and $PLATFORM, with braces and without', () => {
    expect(look('liby.so', elf({ runpath: `$ORIGIN/../priv:${braced('ORIGIN')}:$ORIGINAL/x` })).slice(0, 2)).toEqual([
      '/usr/lib/priv/liby.so',
      '/usr/lib/app/liby.so',
    ]);
    expect(look('liby.so', elf({ runpath: '/opt/$LIB' })).slice(0, 3)).toEqual([
      '/opt/lib/x86_64-linux-gnu/liby.so',
      '/opt/lib64/liby.so',
      '/opt/lib/liby.so',
    ]);
    expect(look('liby.so', elf({ runpath: `/opt/${braced('PLATFORM')}` }))[0]).toBe('/opt/x86_64/liby.so');
  });
  it('relative and empty elements depend on who starts it: they find nothing for sure', () => {
    expect(look('liby.so', elf({ runpath: ':lib:.' }))).toEqual(inDefaults('liby.so'));
  });
  it('with NODEFLIB neither default directories nor what the cache has of them', () => {
    expect(look('libx.so.1', elf({ ignoresDefaultDirectories: true }))).toEqual(['/opt/cached/libx.so.1']);
  });
  it('a name with a slash is a path', () => {
    expect(look('/opt/y/liby.so', elf())).toEqual(['/opt/y/liby.so']);
    expect(look('y/liby.so', elf())).toEqual([]);
  });
  it('directories of ld.so.conf are named apart: the loader reads the cache only', () => {
    expect(placesFor('liby.so', elf(), '/usr/lib/app', view).uncached).toEqual([
      '/opt/configured/liby.so',
      '/opt/cached/liby.so',
    ]);
  });
  it('32 bits have other default directories', () => {
    expect(look('liby.so', elf({ bits: 32, machine: 3 }))).toEqual(
      ['/lib/i386-linux-gnu', '/usr/lib/i386-linux-gnu', '/lib', '/usr/lib'].map((directory) => `${directory}/liby.so`),
    );
  });
});

describe('ld.so.conf', () => {
  it('has directories, comments and words of its own; the cache comes behind it', () => {
    const text = 'include /etc/ld.so.conf.d/*.conf\n# x\n/opt/a # b\n/opt/b=libc6\nhwcap 0 nosegneg\n/opt/a\n\0';
    const view = parseLoaderView(Buffer.concat([Buffer.from(text), cacheOf([['libc.so.6', '/lib/libc.so.6']])]));
    expect(view).toEqual({ cache: { 'libc.so.6': ['/lib/libc.so.6'] }, configured: ['/opt/a', '/opt/b'] });
  });
  it('a system without either', () => {
    expect(parseLoaderView(Buffer.from('\0'))).toEqual({ cache: {}, configured: [] });
  });
});

describe('what is said of many files at once', () => {
  const batch = (listed: string, real: string, heads: string) =>
    Buffer.from(`${listed}\0${real}\0${heads}\n==> end of batch <==\n`);
  it('size, identity, real path and first bytes, over several batches', () => {
    const output = Buffer.concat([
      batch('3\x001:2\0/a\nb\x000\x001:3\0/c\0', '/a\nb\0/real/c\0', '==> /a\nb <==\nxyz\n==> /c <==\n'),
      batch('', '', ''),
      batch('2\x001:9\0/d\0', '/d\0', '==> /d <==\n\0\n'),
    ]);
    const text = (files: ReturnType<typeof parseProbe>) =>
      files.map((file) => ({ ...file, head: Buffer.from(file.head).toString() }));
    expect(text(parseProbe(output))).toEqual([
      { path: '/a\nb', realPath: '/a\nb', size: 3, identity: '1:2', head: 'xyz' },
      { path: '/c', realPath: '/real/c', size: 0, identity: '1:3', head: '' },
      { path: '/d', realPath: '/d', size: 2, identity: '1:9', head: '\0\n' },
    ]);
  });
  it('content that looks like the title of the next file does not deceive', () => {
    const output = batch(
      '16\x001:2\0/a\x003\x001:3\0/b\0',
      '/a\0/b\0',
      '==> /a <==\n\n==> /b <==\nfake\n==> /b <==\nyes',
    );
    const [a, b] = parseProbe(output);
    expect(Buffer.from(a!.head).toString()).toBe('\n==> /b <==\nfake');
    expect(Buffer.from(b!.head).toString()).toBe('yes');
  });
});
