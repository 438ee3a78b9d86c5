import { describe, expect, it } from 'vitest';
import type { CheckContext, InstalledPackage, OwnedFile } from '../contracts/facts.ts';
import { files } from './files.ts';
import { checkers } from './index.ts';
import { installed } from './installed.ts';
import { UNCHANGED } from './snapshot.fixture.ts';

const good: InstalledPackage = {
  name: 'x',
  version: '1:2.0-1',
  architecture: 'amd64',
  status: 'install ok installed',
  installed: true,
  essential: false,
};

function rulesOf(changes: Partial<InstalledPackage>, expected: Partial<CheckContext['package']> = {}): string[] {
  const found = installed.check(
    { 'package.installed': { ...good, ...changes }, 'package.scriptlets': [] },
    { phase: 'installed', package: { name: 'x', ...expected } },
  );
  return [...found].map((finding) => finding.rule);
}

describe('installed', () => {
  it('leaves a good package alone', () => {
    expect(rulesOf({}, { expectedVersion: '1:2.0-1', expectedArchitecture: 'amd64' })).toEqual([]);
    expect(rulesOf({})).toEqual([]);
  });
  it('not-installed, and then nothing else', () => {
    expect(rulesOf({ version: null, installed: false }, { expectedVersion: '1' })).toEqual(['not-installed']);
    expect(rulesOf({ status: 'deinstall ok config-files', installed: false })).toEqual(['not-installed']);
  });
  it('half-configured', () => {
    expect(rulesOf({ status: 'install ok half-configured', installed: false })).toEqual(['half-configured']);
  });
  it('wrong-version: an epoch counts', () => {
    expect(rulesOf({}, { expectedVersion: '2.0-1' })).toEqual(['wrong-version']);
  });
  it('wrong-version: of an rpm people leave out the epoch', () => {
    expect(rulesOf({ versionSynonyms: ['2.0-1'] }, { expectedVersion: '2.0-1' })).toEqual([]);
    expect(rulesOf({ versionSynonyms: ['2.0-1'] }, { expectedVersion: '0:2.0-1' })).toEqual(['wrong-version']);
  });
  it.each(['installed', 'removed'] as const)('scriptlet-failed, %s', (phase) => {
    const scriptlets = [
      { script: '%post', owner: 'x-2.0-1.noarch', how: 'exit status 4' },
      { script: '%post', owner: 'x-data-2.0-1.noarch', how: 'signal 9' },
    ];
    const facts = { 'package.installed': good, 'package.scriptlets': scriptlets };
    expect([...installed.check(facts, { phase, package: { name: 'x' } })]).toMatchObject([
      { rule: 'scriptlet-failed', severity: 'error', subject: 'x', message: 'its %post script failed (exit status 4)' },
      { rule: 'scriptlet-failed', severity: 'error', subject: 'x-data-2.0-1.noarch' },
    ]);
  });
  it('says nothing of a package that is gone, as it should be', () => {
    const gone = { ...good, version: null, installed: false, status: 'not-installed' };
    const facts = { 'package.installed': gone, 'package.scriptlets': [] };
    expect([...installed.check(facts, { phase: 'removed', package: { name: 'x' } })]).toEqual([]);
  });
  it('wrong-architecture', () => {
    expect(rulesOf({}, { expectedArchitecture: 'arm64' })).toEqual(['wrong-architecture']);
  });
  it.each([
    'http://a.example/debian',
    'http://a.example/debian/',
    'http://a.example/',
    'http://a.example/debian sid/main',
  ])('comes from %s', (expectedOrigin) => {
    expect(rulesOf({}, { origin: 'http://a.example/debian sid/main', expectedOrigin })).toEqual([]);
  });
  it('wrong-origin: another host, a longer name, or nobody knows', () => {
    const expectedOrigin = 'http://a.example/debian';
    for (const origin of ['http://b.example/debian sid/main', 'http://a.example/debian-security sid/main', null]) {
      expect(rulesOf({}, { origin, expectedOrigin })).toEqual(['wrong-origin']);
    }
    expect(rulesOf({}, { origin: null })).toEqual([]);
  });
});

function judged(...owned: OwnedFile[]): [string, string, string][] {
  const found = files.check({ ...UNCHANGED, 'package.files': owned }, { phase: 'installed', package: { name: 'x' } });
  return [...found].map(({ rule, severity, subject }) => [rule, severity, subject]);
}
const link = (path: string, target: string, resolves: 'yes' | 'no' | 'loop' = 'no'): OwnedFile => ({
  path,
  type: 'symlink',
  target,
  resolves,
});

describe('files', () => {
  it('leaves alone what need not be there', () => {
    expect(judged({ path: '/var/log/x', type: 'missing', recorded: { optional: true } })).toEqual([]);
  });
  it('leaves files, directories and links that lead somewhere alone', () => {
    expect(judged({ path: '/etc', type: 'directory' }, { path: '/a', type: 'file' }, link('/b', 'a', 'yes'))).toEqual(
      [],
    );
  });
  it('missing-file', () => {
    expect(judged({ path: '/usr/bin/x', type: 'missing' })).toEqual([['missing-file', 'error', '/usr/bin/x']]);
  });
  it('what is emptied at boot need not be there', () => {
    expect(judged({ path: '/run/x', type: 'missing' }, { path: '/var/run/x', type: 'missing' })).toEqual([]);
    expect(judged({ path: '/runner', type: 'missing' })).toHaveLength(1);
  });
  it('broken-link', () => {
    expect(judged(link('/usr/lib/a', 'b'))).toEqual([['broken-link', 'error', '/usr/lib/a']]);
  });
  it('a broken link in documentation is a warning', () => {
    expect(judged(link('/usr/share/doc/x/a', '../y/b'))).toEqual([['broken-link', 'warning', '/usr/share/doc/x/a']]);
  });
  it('a broken link from one configuration file to another is a warning: whoever administers it may have none', () => {
    const path = '/etc/sysctl.d/99-sysctl.conf';
    expect(judged(link(path, '../sysctl.conf'))).toEqual([['broken-link', 'warning', path]]);
    expect(judged(link('/etc/x', '/usr/lib/x'))).toEqual([['broken-link', 'error', '/etc/x']]);
  });
  it('a link to what is there only on a running machine is no finding', () => {
    expect(judged(link('/etc/a', '/run/a'), link('/etc/b', '../proc/b'), link('/etc/c', '/dev/c'))).toEqual([]);
    expect(judged(link('/usr/lib/d', 'run/d'))).toHaveLength(1);
  });
  it('link-loop', () => {
    expect(judged(link('/a', 'b', 'loop'))).toEqual([['link-loop', 'error', '/a']]);
  });
});

describe('links that climb, and types', () => {
  it('escaping-link', () => {
    expect(judged(link('/usr/lib/a', '../../../etc/passwd', 'yes'))).toEqual([
      ['escaping-link', 'error', '/usr/lib/a'],
    ]);
    expect(judged(link('/a', '..', 'yes'))).toHaveLength(1);
  });
  it('a link that climbs to the root and no further, or has dots in its name, is none', () => {
    const good = [link('/usr/lib/a', '../../etc/x', 'yes'), link('/a', '..b', 'yes'), link('/b', '/../etc', 'yes')];
    expect(judged(...good)).toEqual([]);
  });
  it('type-changed: a file that became a link; a warning when it is configuration', () => {
    const changed = { ...link('/etc/a', 'b', 'yes'), recorded: { type: 'file' } } as const;
    expect(judged(changed)).toEqual([['type-changed', 'error', '/etc/a']]);
    expect(judged({ ...changed, recorded: { type: 'file', config: true } })).toEqual([
      ['type-changed', 'warning', '/etc/a'],
    ]);
  });
  it('a directory that was moved, with a link in its place, is no change; a file in its place is', () => {
    expect(judged({ ...link('/lib', 'usr/lib', 'yes'), recorded: { type: 'directory' } })).toEqual([]);
    expect(judged({ path: '/lib', type: 'file', recorded: { type: 'directory' } })).toHaveLength(1);
  });
  it('what need not be there may be missing', () => {
    expect(judged({ path: '/var/log/x', type: 'missing', recorded: { optional: true } })).toEqual([]);
  });
});

it.each(checkers)('$id: rules have ids of their own, and say where they come from', ({ rules }) => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  for (const rule of rules) expect(rule.source).not.toBe('');
});
