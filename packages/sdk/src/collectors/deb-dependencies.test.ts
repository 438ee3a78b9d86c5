import { describe, expect, it } from 'vitest';
import { parsePackages } from './deb-dependencies.ts';
import { parseSearch } from './deb-library-owners.ts';
import { declaredDependencies } from './package-graph.ts';

const line = (
  name: string,
  more: {
    depends?: string;
    provides?: string;
    essential?: string;
    source?: string;
    recommends?: string;
    status?: string;
  } = {},
) =>
  [
    name,
    more.status ?? 'ii ',
    more.essential ?? '',
    '',
    more.source ?? name,
    '1.0',
    more.provides ?? '',
    '',
    more.depends ?? '',
    more.recommends ?? '',
    '',
  ].join('\t');

describe('what dpkg says of dependencies', () => {
  const text = [
    line('x', { depends: 'liby1 (>= 1:2.0~), app | other-app:any', source: 'src', recommends: 'nice, liby1' }),
    line('liby1', { depends: 'virtual-mta' }),
    line('postfix', { provides: 'virtual-mta (= 3), mail' }),
    line('other-app'),
    line('x-data', { source: 'src' }),
    line('bash', { essential: 'yes', depends: 'libc6' }),
    line('libc6'),
    line('unrelated'),
    line('app', { status: 'rc ' }),
    '',
  ].join('\n');
  const found = declaredDependencies('x', parsePackages(text));

  it('dependencies of dependencies, by alternatives that are installed and by what packages provide', () => {
    expect(found.reachable).toEqual(['liby1', 'other-app', 'postfix', 'x']);
  });
  it('what every system has', () => expect(found.essential).toEqual(['bash', 'libc6']));
  it('packages of the same source and version', () => expect(found.sameSource).toEqual(['x', 'x-data']));
  it('what is recommended and not there', () => expect(found.optional).toEqual(['nice']));
  it('a package that is not there has none', () => {
    expect(declaredDependencies('nowhere', parsePackages(text))).toMatchObject({
      reachable: ['nowhere'],
      sameSource: [],
    });
  });
  it('dependencies that go in a circle', () => {
    const circle = parsePackages([line('a', { depends: 'b' }), line('b', { depends: 'a' })].join('\n'));
    expect(declaredDependencies('a', circle).reachable).toEqual(['a', 'b']);
  });
});

describe('dpkg-query --search', () => {
  it('packages without their architecture; diversions are not owners', () => {
    const text = [
      'libc6:amd64, libc6:i386: /usr/share/doc/libc6',
      'diversion by dash from: /bin/sh',
      'dash: /bin/sh',
      'bash: /usr/share/odd: name',
    ].join('\n');
    expect([...parseSearch(text)]).toEqual([
      ['/usr/share/doc/libc6', ['libc6']],
      ['/bin/sh', ['dash']],
      ['/usr/share/odd: name', ['bash']],
    ]);
  });
});
