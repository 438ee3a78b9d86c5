import { describe, expect, it } from 'vitest';
import { AltsError } from './errors.ts';
import { parseRequest } from './request.ts';

const hello = { package: { name: 'hello' }, system: 'debian:12' };

/** The message of the refusal; a request that is accepted makes the test fail. */
function refusal(request: unknown): string {
  try {
    parseRequest(request);
  } catch (error) {
    if (AltsError.is(error) && error.code === 'invalid_request') return error.message;
    throw error;
  }
  throw new Error('the request was accepted');
}

describe('a request', () => {
  it('is completed with defaults', () => {
    const request = parseRequest(hello);
    expect(request.system).toEqual({ distribution: 'debian', version: '12' });
    expect(request.repositories).toEqual([]);
    expect(request.timeoutsMs).toMatchObject({
      command: 30_000,
      install_package: 600_000,
      third_party_tests: 1_800_000,
      test: 7_200_000,
    });
  });

  it('can be parsed again from what parsing gave', () => {
    const once = parseRequest({ ...hello, system: 'debian:12/amd64', timeoutsMs: { test: 1 } });
    expect(parseRequest(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('knows architectures by their other names', () => {
    expect(parseRequest({ ...hello, system: 'debian:12/arm64' }).system.architecture).toBe('aarch64');
  });

  it.each(['foo; rm -rf /', '-oDebug=1', 'a\nb', '../../x', '', 'x'.repeat(256), 'a b', '$(id)', 'é'])(
    'refuses %j as the name of a package, in one line that names the field',
    (name) => {
      const message = refusal({ ...hello, package: { name } });
      expect(message).toMatch(/^package\.name: /);
      expect(message).not.toContain('\n');
    },
  );

  it.each(['1.0 ', '-1', '1;2', '1\n2'])('refuses %j as a version', (version) => {
    expect(refusal({ ...hello, package: { name: 'hello', version } })).toMatch(/^package\.version: /);
  });
  it.each(['', 'debian', '-o x', 'http://user:word@a.example/', 'http://a.example/\nx', 'http://a.example/ a b c'])(
    'an origin that is no repository: %j',
    (origin) => {
      expect(refusal({ ...hello, package: { name: 'hello', origin } })).toMatch(/^package\.origin: /);
    },
  );

  it.each(['debian', 'debian:', ':12', 'debian:12/mips128', 'deb ian:12', 'debian:12/x86_64/x', 12, null])(
    'refuses %j as a system',
    (system) => {
      expect(refusal({ ...hello, system })).toMatch(/^system/);
    },
  );

  it.each([
    'deb http://example.org/ ./\ndeb http://evil.example/ ./',
    'ftp://example.org',
    'deb gopher://example.org ./',
    { name: 'x', url: 'http://example.org/\nTrusted: yes' },
    { name: '../x', url: 'http://example.org/' },
    { name: 'x', url: 'http://example.org/', suite: 'a\nb' },
    { name: 'x', url: 'http://example.org/', trusted: true, signedBy: '/etc/key.gpg' },
  ])('refuses the repository %j', (repository) => {
    const message = refusal({ ...hello, repositories: [repository] });
    expect(message).toMatch(/^repositories\.0/);
    expect(message).not.toContain('\n');
  });

  it('accepts a repository as one line and field by field', () => {
    const repositories = [
      'deb [trusted=yes] http://user:pw@example.org/debian ./',
      {
        name: 'extra',
        url: 'https://example.org/debian',
        suite: 'bookworm',
        components: ['main'],
        trusted: true as const,
      },
    ];
    expect(parseRequest({ ...hello, repositories }).repositories).toEqual(repositories);
  });

  it('refuses a field that it does not know, and names it', () => {
    expect(refusal({ ...hello, repositries: [] })).toContain('repositries');
    expect(refusal({ ...hello, timeoutsMs: { instal_package: 1 } })).toContain('instal_package');
  });

  it('never shows a password in a refusal', () => {
    expect(refusal({ ...hello, repositories: ['http://user:secret@example.org/'] })).not.toContain('secret');
  });

  it('says that a limit is out of range, with field and value', () => {
    expect(refusal({ ...hello, timeoutsMs: { install_package: 0 } })).toMatch(/^timeoutsMs\.install_package: .*0/);
  });

  it('takes severities, waivers and a version to compare with', () => {
    const own = {
      severities: { 'files/broken-link': 'warning', 'files/*': 'info' } as const,
      waivers: [{ rule: 'files/*', package: 'lib*', path: '/usr/**', reason: 'we know', expires: '2026-12-31' }],
      baseline: { version: '1:2.0-1' },
    };
    expect(parseRequest({ ...hello, ...own })).toMatchObject(own);
    expect(parseRequest(hello)).toMatchObject({ severities: {}, waivers: [] });
  });

  const waiver = { rule: 'files/broken-link', reason: 'we know' };
  it.each([
    [{ waivers: [{ ...waiver, reason: ' ' }] }, /^waivers\.0\.reason: must say why .*" "/],
    [{ waivers: [{ rule: 'files/*' }] }, /^waivers\.0\.reason: /],
    [{ waivers: [waiver, { ...waiver, expires: '31.12.2026' }] }, /^waivers\.1\.expires: .*2026-12-31.*31\.12\.2026/],
    [{ waivers: [{ ...waiver, expires: '2026-02-30' }] }, /^waivers\.0\.expires: /],
    [{ waivers: [{ ...waiver, rule: 'broken-link' }] }, /^waivers\.0\.rule: must be <checker>\/<rule> .*"broken-link"/],
    [{ waivers: [{ ...waiver, rule: '*' }] }, /^waivers\.0\.rule: /],
    [{ waivers: [{ ...waiver, path: '' }] }, /^waivers\.0\.path: /],
    [{ waivers: [{ ...waiver, paths: '/x' }] }, /^waivers\.0: .*paths/],
    [{ waivers: waiver }, /^waivers: /],
    [{ severities: { 'files/broken-link': 'off' } }, /^severities\.files\/broken-link: .*waive them \(got "off"\)/],
    [{ severities: { files: 'info' } }, /^severities\.files: must be <checker>\/<rule> or <checker>\/\*/],
    [{ severities: [] }, /^severities: /],
    [{ baseline: { version: 'a b' } }, /^baseline\.version: .*"a b"/],
    [{ baseline: '1.0' }, /^baseline: /],
  ])('refuses %j in one line that names field and value', (wrong, words) => {
    expect(refusal({ ...hello, ...wrong })).toMatch(words);
  });
});
