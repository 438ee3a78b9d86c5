import { describe, expect, it } from 'vitest';
import type { LaterSnapshot, SystemFile } from '../../contracts/snapshot.ts';
import { forgiveTests } from './forgive-tests.ts';

const file: SystemFile = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, modifiedAt: 1 };
const files = (...paths: string[]) => new Map(paths.map((path) => [path, file]));
const process = (pid: number) => ({ pid, startedAt: 1, uid: 0, executable: '/bin/x', deleted: false, command: 'x' });
const snapshot = (changes: Partial<LaterSnapshot>): LaterSnapshot => ({
  files: new Map(),
  packages: new Map(),
  users: new Map(),
  groups: new Map(),
  alternatives: new Map(),
  diversions: [],
  statOverrides: [],
  processes: [],
  owners: new Map(),
  ...changes,
});

describe('what suites leave', () => {
  it('counts as what was there before the package, unless a package owns it', () => {
    const before = snapshot({ files: files('/base'), processes: [process(1)] });
    const then = snapshot({ files: files('/base', '/package'), processes: [process(1), process(2)] });
    const now = snapshot({
      files: files('/base', '/package', '/test', '/tool'),
      owners: new Map([['/tool', ['bats']]]),
      processes: [process(1), process(2), process(3)],
      users: new Map([['tester', 1000]]),
    });
    const after = forgiveTests(before, then, now);
    expect([...after.files.keys()]).toEqual(['/base', '/test']);
    expect(after.processes.map(({ pid }) => pid)).toEqual([1, 3]);
    expect([...after.users.keys()]).toEqual(['tester']);
  });

  it('keeps what the package left out of it, and what tests took away', () => {
    const before = snapshot({ files: files('/base', '/taken'), users: new Map([['root', 0]]) });
    const then = snapshot({ files: files('/base', '/taken', '/made-by-package'), users: new Map([['svc', 100]]) });
    const now = snapshot({ files: files('/base', '/made-by-package'), users: new Map([['svc', 100]]) });
    const after = forgiveTests(before, then, now);
    expect([...after.files.keys()]).toEqual(['/base']);
    expect([...after.users.keys()]).toEqual(['root']);
  });
});
