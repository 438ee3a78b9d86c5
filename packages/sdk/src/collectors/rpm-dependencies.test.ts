import { describe, expect, it } from 'vitest';
import { declaredDependencies } from './package-graph.ts';
import { parseRpmPackages } from './rpm-dependencies.ts';
import { ownersAmong } from './rpm-library-owners.ts';

const LISTING = [
  'P\tx\tx-1-1.src.rpm',
  'R\tliby.so.1()(64bit)',
  'R\t/usr/bin/perl',
  'R\t(app-el9 if system-release)',
  'R\trpmlib(PayloadFilesHavePrefix)',
  'V\tx',
  'V\tx(x86-64)',
  'O\tnice',
  'P\tliby\tliby-2-1.src.rpm',
  'V\tliby',
  'V\tliby.so.1()(64bit)',
  'P\tperl-interpreter\tperl-5-1.src.rpm',
  'P\tapp-el9\tapp-1-1.src.rpm',
  'V\tapp-el9',
  'P\tx-libs\tx-1-1.src.rpm',
  'P\tbash\tbash-5-1.src.rpm',
  'R\tlibc.so.6()(64bit)',
  'P\tglibc\tglibc-2-1.src.rpm',
  'V\tlibc.so.6()(64bit)',
  'P\tgpg-pubkey\t(none)',
  '',
].join('\n');
const FILES = 'perl-interpreter\t/usr/bin/perl\nperl-interpreter\t/usr/share/perl\n';

describe('what rpm says of dependencies', () => {
  const found = declaredDependencies('x', parseRpmPackages(`${LISTING}\0${FILES}`));
  it('by soname, by path, and in rich dependencies', () => {
    expect(found.reachable).toEqual(['app-el9', 'liby', 'perl-interpreter', 'x']);
  });
  it('what every system has', () => expect(found.essential).toEqual(['bash', 'glibc']));
  it('packages of the same source package', () => expect(found.sameSource).toEqual(['x', 'x-libs']));
  it('what is recommended and not there', () => expect(found.optional).toEqual(['nice']));
  it('keys have no source in common', () => {
    const keys = parseRpmPackages('P\tgpg-pubkey\t(none)\nP\tother\t(none)\n\0');
    expect(declaredDependencies('gpg-pubkey', keys).sameSource).toEqual([]);
  });
});

describe('who owns a file, of all files of packages', () => {
  it('under the name that the package gives it', () => {
    const files =
      'glibc\t/lib64/libc.so.6\nglibc\t/lib64/libm.so.6\nother\t/usr/lib64/libx.so\npackage x is not installed\n';
    expect([...ownersAmong(['/usr/lib64/libc.so.6', '/lib64/libx.so', '/lib64/libnone.so'], files)]).toEqual([
      ['/usr/lib64/libc.so.6', ['glibc']],
      ['/lib64/libx.so', ['other']],
    ]);
  });
});
