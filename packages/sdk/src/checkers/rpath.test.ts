import { describe, expect, it } from 'vitest';
import type { ElfDynamic } from '../contracts/elf.ts';
import type { OwnedFile } from '../contracts/facts.ts';
import { rpath } from './rpath.ts';

function check(paths: Pick<ElfDynamic, 'rpath' | 'runpath'>, place = '/usr/bin/x', owned: readonly OwnedFile[] = []) {
  const elf: ElfDynamic = {
    bits: 64,
    byteOrder: 'little',
    machine: 62,
    type: 'shared',
    dynamic: true,
    needed: [],
    ignoresDefaultDirectories: false,
    positionIndependent: true,
    versionNeeds: [],
    versionDefinitions: [],
    ...paths,
  };
  const facts = { 'elf.dynamic': [{ path: place, realPath: place, elf }], 'package.files': owned };
  return [...rpath.check(facts, { phase: 'installed', package: { name: 'x' } })].map(
    ({ rule, severity }) => `${severity} ${rule}`,
  );
}

const braced = '${' + 'ORIGIN}';

describe('directories of RPATH and RUNPATH', () => {
  it.each([
    ['/usr/lib/x:', 'empty-element'],
    [':/usr/lib/x', 'empty-element'],
    ['lib', 'relative'],
    ['.', 'relative'],
    ['ORIGIN/../lib', 'relative'],
    ['$ORIGINAL/lib', 'relative'],
    ['$LIB/x', 'relative'],
    ['/tmp', 'world-writable'],
    ['/usr/lib/../../var/tmp/x', 'world-writable'],
    ['$ORIGIN/../../tmp', 'world-writable'],
    ['/dev/shm/x', 'world-writable'],
    ['/build/x-1.0/.libs', 'build-tree'],
    ['/usr/src/x', 'build-tree'],
    ['/var/lib/x/rpmbuild/BUILD/x', 'build-tree'],
    ['/home/me/lib', 'home-directory'],
    ['/root/x/lib', 'home-directory'],
  ])('%s: %s', (path, rule) => {
    expect(check({ runpath: path })).toEqual([`error ${rule}`]);
    expect(check({ rpath: path })).toEqual([`error ${rule}`]);
  });
  it.each([
    '',
    '/usr/lib/x',
    '$ORIGIN',
    `${braced}/../lib/x`,
    '$ORIGIN/../lib:/opt/x/lib',
    '/usr/lib/builder',
    '/tmpfiles',
  ])('"%s" is good', (path) => {
    expect(check({ runpath: path })).toEqual([]);
  });
  it('each rule is said once for each path', () => {
    expect(check({ runpath: 'a:b::', rpath: '/tmp' })).toEqual([
      'error world-writable',
      'error relative',
      'error empty-element',
    ]);
  });
  it('a directory of the package that everybody can write to', () => {
    const directory = (mode: number): OwnedFile[] => [{ path: '/opt/x/lib', type: 'directory', mode }];
    expect(check({ runpath: '/opt/x/lib/' }, '/opt/x/bin/x', directory(0o777))).toEqual(['error world-writable']);
    expect(check({ runpath: '/opt/x/lib/' }, '/opt/x/bin/x', directory(0o755))).toEqual([]);
  });
  it('in test data it is only a remark', () => {
    expect(check({ runpath: '/tmp' }, '/usr/share/x/testdata/x')).toEqual(['info world-writable']);
  });
});
