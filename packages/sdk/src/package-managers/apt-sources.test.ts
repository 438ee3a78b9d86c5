import { describe, expect, it } from 'vitest';
import { Repository } from '../contracts/repository.ts';
import { AUTH_FILE, aptSourceFiles } from './apt-sources.ts';

/** Path and text of each file, for repositories as people write them. */
function written(...repositories: unknown[]): Record<string, string> {
  const files = aptSourceFiles(repositories.map((repository) => Repository.parse(repository)));
  return Object.fromEntries(files.map((file) => [file.path, Buffer.from(file.content ?? []).toString()]));
}

const KEY = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n-----END PGP PUBLIC KEY BLOCK-----';

describe('repositories as files for apt', () => {
  it('a line goes into a .list as it is', () => {
    expect(written('deb [arch=amd64 trusted=yes] http://mirror.example/debian bookworm main contrib')).toEqual({
      '/etc/apt/sources.list.d/alts-01.list':
        'deb [arch=amd64 trusted=yes] http://mirror.example/debian bookworm main contrib\n',
    });
  });

  it('fields go into a .sources; without components it is main', () => {
    expect(
      written({ name: 'extra', url: 'https://mirror.example/x', suite: 'bookworm', signedBy: '/usr/share/k.gpg' }),
    ).toEqual({
      '/etc/apt/sources.list.d/alts-01.sources':
        '# extra\nTypes: deb\nURIs: https://mirror.example/x\nSuites: bookworm\nComponents: main\nSigned-By: /usr/share/k.gpg\n',
    });
  });

  it('a flat repository has no components', () => {
    const text = written({ name: 'flat', url: 'file:/srv/repo', trusted: true })[
      '/etc/apt/sources.list.d/alts-01.sources'
    ];
    expect(text).toBe('# flat\nTypes: deb\nURIs: file:/srv/repo\nSuites: ./\nTrusted: yes\n');
  });

  it('a key has a file of its own, which apt of Debian 11 understands too', () => {
    const files = written('deb http://mirror.example/a ./', {
      name: 'k',
      url: 'http://mirror.example/k',
      signedBy: KEY,
    });
    expect(files['/etc/apt/keyrings/alts-02.asc']).toBe(`${KEY}\n`);
    expect(files['/etc/apt/sources.list.d/alts-02.sources']).toContain('Signed-By: /etc/apt/keyrings/alts-02.asc\n');
  });
});

describe('user and password', () => {
  it('are in a file that only root reads, and never in a source', () => {
    const files = aptSourceFiles(['deb https://joe:p%40ss@mirror.example:8443/debian bookworm main']);
    const source = Buffer.from(files[0]?.content ?? []).toString();
    expect(source).toBe('deb https://mirror.example:8443/debian bookworm main\n');
    expect(files[1]).toMatchObject({ path: AUTH_FILE, mode: 0o600 });
    expect(Buffer.from(files[1]?.content ?? []).toString()).toBe(
      'machine https://mirror.example:8443/debian/ login joe password p@ss\n',
    );
  });

  it('belong to the longest path that fits, so that two on one host do not mix', () => {
    const files = written('deb http://a:1@mirror.example/ ./', {
      name: 'b',
      url: 'http://b:2@mirror.example/private',
      trusted: true,
    });
    expect(files[AUTH_FILE]).toBe(
      'machine http://mirror.example/private/ login b password 2\nmachine http://mirror.example/ login a password 1\n',
    );
    expect(JSON.stringify(files).match(/@/g)).toBeNull();
  });

  it('with white space are refused, for apt cannot read them', () => {
    expect(() => written('deb http://joe:a%20b@mirror.example/ ./')).toThrow(/repositories: .*white space/);
    expect(() => written('deb http://joe:a%0Ab@mirror.example/ ./')).toThrow(/repositories: .*white space/);
  });
});
