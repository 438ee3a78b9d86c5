import { describe, expect, it } from 'vitest';
import { unmetRelations } from './apt-companions.ts';
import { parseConffiles, parseVersions } from './apt-versions.ts';
import { alsoRemoved } from './dnf-uninstall.ts';
import { parsePlaces } from './dnf-versions.ts';

describe('apt', () => {
  it('says who has a version, and which one it would install', () => {
    const text = '3.0\n2.5\n2.0\n1.0\n--- alts ---\n3.0\n2.0\n1.0\n--- alts ---\n1.0\n2.0\n--- alts ---\n2.0\n';
    expect(parseVersions(text)).toEqual([
      { version: '3.0', places: ['request'], candidate: false },
      { version: '2.5', places: [], candidate: false },
      { version: '2.0', places: ['distribution'], candidate: true },
      { version: '1.0', places: ['distribution'], candidate: false },
    ]);
  });

  it('knows nothing of a package that nobody has', () => {
    expect(parseVersions('\n--- alts ---\n\n--- alts ---\n\n--- alts ---\n')).toEqual([]);
  });

  it('lists conffiles, also those that another version had', () => {
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
    const text = `\n /etc/a.conf ${md5}\n /etc/b c.conf ${md5} obsolete\n /etc/d.conf newconffile\n`;
    expect(parseConffiles(text)).toEqual(['/etc/a.conf', '/etc/b c.conf', '/etc/d.conf']);
  });

  it('says which dependencies of an older version it does not meet', () => {
    const stdout = [
      'The following packages have unmet dependencies:',
      ' curl : Depends: libcurl4 (= 7.88.1-10+deb12u5) but 7.88.1-10+deb12u15 is to be installed',
      '        Depends: libc6 (>= 2.36) but it is not going to be installed',
      ' x : PreDepends: x-common:all (= 1:2~3) but it is not going to be installed',
      ' y : Recommends: z (= 1) but it is not going to be installed',
    ].join('\n');
    expect(unmetRelations({ stdout, stderr: '' })).toEqual([
      { owner: 'curl', name: 'libcurl4', relation: '=', version: '7.88.1-10+deb12u5' },
      { owner: 'curl', name: 'libc6', relation: '>=', version: '2.36' },
      { owner: 'x', name: 'x-common', relation: '=', version: '1:2~3' },
    ]);
  });
});

describe('dnf', () => {
  it('says who has a version; an epoch of 0 is none', () => {
    const text = 'x\t0:2.0-1\talts-01\nx\t0:1.0-1\tbase\nx\t1:1.0-1\talts-02\nx\t0:2.0-1\tbase\nx-libs\t0:9-1\tbase\n';
    const places = parsePlaces(text, { generation: 'dnf4' }, 'x');
    expect([...places].map(([version, who]) => [version, [...who]])).toEqual([
      ['2.0-1', ['request', 'distribution']],
      ['1.0-1', ['distribution']],
      ['1:1.0-1', ['request']],
    ]);
  });

  it('reads the columns of yum, also where one goes over to the next line', () => {
    const text = 'x.x86_64     1.0-1.el7     base\na-very-long-name.noarch\n        2.0-1.el7    alts-01\n';
    expect([...parsePlaces(text, { generation: 'yum3' }, 'x')]).toEqual([['1.0-1.el7', new Set(['distribution'])]]);
    expect([...parsePlaces(text, { generation: 'yum3' }, 'a-very-long-name')]).toEqual([
      ['2.0-1.el7', new Set(['request'])],
    ]);
  });

  it('says what goes along', () => {
    const stdout = [
      '======',
      ' Package              Arch    Version  Repository  Size',
      '======',
      'Removing:',
      ' alts-has-dependent   noarch  1.0-1    @alts-01    4',
      'Removing dependent packages:',
      ' alts-its-dependent   noarch  1.0-1    @alts-01    4',
      '',
      'Transaction Summary',
      '',
    ].join('\n');
    expect(alsoRemoved({ stdout })).toEqual(['alts-its-dependent']);
    expect(alsoRemoved({ stdout: stdout.replace(/Removing dependent packages:\n.*\n/, '') })).toEqual([]);
  });
});
