import { describe, expect, it } from 'vitest';
import type { OwnedFile } from '../contracts/facts.ts';
import { permissions } from './permissions.ts';

function judged(changes: Partial<OwnedFile>): string[] {
  const file: OwnedFile = { path: '/usr/bin/x', type: 'file', mode: 0o755, user: 'root', group: 'root', ...changes };
  const found = permissions.check({ 'package.files': [file] }, { phase: 'installed', package: { name: 'x' } });
  return [...found].map(({ rule, severity }) => `${severity} ${rule}`);
}

describe('permissions', () => {
  it('leaves programs, data, links, and what is missing alone', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ path: '/usr/share/x', mode: 0o644 })).toEqual([]);
    expect(judged({ type: 'symlink', mode: 0o777 })).toEqual([]);
    expect(judged({ type: 'missing', mode: 0o6777, user: '7' })).toEqual([]);
  });
  it('setuid, setgid: of files, not of directories', () => {
    expect(judged({ mode: 0o6755 })).toEqual(['warning setuid', 'warning setgid']);
    expect(judged({ path: '/var/mail', type: 'directory', mode: 0o2775, group: 'mail' })).toEqual([]);
  });
  it('capabilities', () => {
    expect(judged({ capabilities: 'cap_net_raw=ep' })).toEqual(['info capabilities']);
    expect(judged({ capabilities: '' })).toEqual([]);
  });
  it('world-writable-file, world-writable-directory without sticky bit', () => {
    expect(judged({ mode: 0o757 })).toEqual(['error world-writable-file']);
    expect(judged({ path: '/var/x', type: 'directory', mode: 0o777 })).toEqual(['error world-writable-directory']);
    expect(judged({ path: '/var/tmp', type: 'directory', mode: 0o1777 })).toEqual([]);
    expect(judged({ path: '/dev/null', type: 'other', mode: 0o666 })).toEqual([]);
  });
  it('not-executable: in a directory for programs itself, when nobody may run it', () => {
    expect(judged({ mode: 0o644 })).toEqual(['error not-executable']);
    expect(judged({ path: '/sbin/x', mode: 0o644 })).toEqual(['error not-executable']);
    expect(judged({ mode: 0o700 })).toEqual([]);
    expect(judged({ path: '/usr/bin/site_perl/x', mode: 0o644 })).toEqual([]);
  });
  it('unknown-owner: a number instead of a name, of whatever it is', () => {
    expect(judged({ user: '1234', group: '1234' })).toEqual(['error unknown-owner', 'error unknown-owner']);
    expect(judged({ type: 'directory', path: '/var/lib/x', group: '99' })).toEqual(['error unknown-owner']);
  });
  it('usr-file-not-root', () => {
    expect(judged({ path: '/usr/lib/x', user: 'www-data' })).toEqual(['warning usr-file-not-root']);
    expect(judged({ path: '/usr/local/x', user: 'staff' })).toEqual([]);
    expect(judged({ path: '/var/lib/x', user: 'www-data' })).toEqual([]);
  });
  it('a program that runs as its owner has to belong to them', () => {
    expect(judged({ mode: 0o4755, user: 'man' })).toEqual(['warning setuid']);
  });
});
