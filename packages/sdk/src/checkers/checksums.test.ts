import { describe, expect, it } from 'vitest';
import type { OwnedFile } from '../contracts/facts.ts';
import { checksums } from './checksums.ts';
import { UNCHANGED } from './snapshot.fixture.ts';

const [SHIPPED, OTHER] = ['0'.repeat(32), 'f'.repeat(32)];
const file: OwnedFile = {
  path: '/usr/lib/x',
  type: 'file',
  mode: 0o644,
  user: 'root',
  group: 'root',
  size: 5,
  digest: SHIPPED,
  recorded: { type: 'file', digest: { algorithm: 'md5', hex: SHIPPED } },
};

/** What is said of the file with these changes, and with this on record besides. */
function judged(changes: Partial<OwnedFile>, recorded: OwnedFile['recorded'] = {}): string[] {
  const changed = { ...file, ...changes, recorded: { ...file.recorded, ...recorded } };
  const found = checksums.check(
    { ...UNCHANGED, 'package.files': [changed] },
    { phase: 'installed', package: { name: 'x' } },
  );
  return [...found].map(({ rule, severity }) => `${severity} ${rule}`);
}

describe('checksums', () => {
  it('leaves alone what is as recorded, and what is not on record', () => {
    expect(judged({}, { mode: 0o644, user: 'root', group: 'root', size: 5 })).toEqual([]);
    expect(judged({ mode: 0o777, user: 'nobody', group: 'x', size: 1, capabilities: 'cap_net_raw=ep' })).toEqual([]);
  });
  it('changed-content, by digest or, where there is none, by size', () => {
    expect(judged({ digest: OTHER })).toEqual(['error changed-content']);
    expect(judged({ size: 6 }, { size: 5 })).toEqual(['error changed-content']);
  });
  it('a changed configuration file or documentation is a warning', () => {
    expect(judged({ digest: OTHER }, { config: true })).toEqual(['warning changed-content']);
    expect(judged({ digest: OTHER }, { documentation: true })).toEqual(['warning changed-content']);
  });
  it('changed-mode: setuid and sticky bits count', () => {
    expect(judged({ mode: 0o4755 }, { mode: 0o755 })).toEqual(['error changed-mode']);
  });
  it('changed-owner and changed-group', () => {
    expect(judged({ user: 'x', group: 'y' }, { user: 'root', group: 'root' })).toEqual([
      'error changed-owner',
      'error changed-group',
    ]);
  });
  it('changed-target, of links alone; their mode says nothing', () => {
    const link = { type: 'symlink', target: 'b', mode: 0o777 } as const;
    expect(judged(link, { type: 'symlink', target: 'a' })).toEqual(['error changed-target']);
    expect(judged(link, { type: 'symlink', target: 'b', mode: 0o755 })).toEqual([]);
  });
  it('changed-capabilities: an empty text is none', () => {
    expect(judged({ capabilities: '' }, { capabilities: 'cap_net_raw=ep' })).toEqual(['error changed-capabilities']);
  });
  it('content of what need not be there is its own; its mode is a warning', () => {
    expect(judged({ digest: OTHER, mode: 0o600 }, { optional: true, mode: 0o644 })).toEqual(['warning changed-mode']);
  });
  it('what the package says must not be compared is not', () => {
    const unverified = ['digest', 'size', 'mode', 'user', 'group', 'capabilities'] as const;
    const recorded = { mode: 0o600, user: 'x', group: 'x', size: 9, capabilities: '', unverified };
    expect(judged({ digest: OTHER, capabilities: 'cap_net_raw=ep' }, recorded)).toEqual([]);
  });
  it('not-compared: one for all whose content nobody knows, unless it need not be compared', () => {
    const { digest: _unknown, ...unread } = file;
    const all = (recorded: OwnedFile['recorded']) => {
      const owned = ['/a', '/b'].map((path) => ({ ...unread, path, recorded: { ...file.recorded, ...recorded } }));
      const facts = { ...UNCHANGED, 'package.files': owned };
      return [...checksums.check(facts, { phase: 'installed', package: { name: 'x' } })];
    };
    expect(all({})).toEqual([
      expect.objectContaining({
        rule: 'not-compared',
        severity: 'warning',
        subject: 'x',
        evidence: '/a (5 bytes)\n/b (5 bytes)',
      }),
    ]);
    expect(all({ optional: true })).toEqual([]);
    expect(all({ unverified: ['digest'] })).toEqual([]);
  });
  it('what is missing or of another type is said by another checker', () => {
    expect(judged({ type: 'missing' }, { mode: 0o600 })).toEqual([]);
    expect(judged({ type: 'directory', mode: 0o755 }, { mode: 0o600 })).toEqual([]);
  });
});
