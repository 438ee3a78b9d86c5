import { describe, expect, it } from 'vitest';
import type { Shell } from '../../contracts/package-manager.ts';
import { changeConfiguration, exceptChanged, followConfiguration, pathsInEffect } from './user-changes.ts';

/** A shell in which sha256sum says what it is told to: a digest by the letter that it is made of. */
function shell(files: Readonly<Record<string, string>>, code = 0) {
  const asked: string[] = [];
  const notes: string[] = [];
  const run: Shell['run'] = async (_, options) => {
    for await (const chunk of options?.stdin ?? [])
      asked.push(...Buffer.from(chunk).toString().split('\0').slice(0, -1));
    const lines = Object.entries(files).map(([path, letter]) => `${letter.repeat(64)}  ${path}\n`);
    const end = { type: 'exit', code } as const;
    return { end, stdout: Buffer.from(lines.join('')), stderr: new Uint8Array(), truncated: false };
  };
  return { asked, notes, shell: { run, note: (line: string) => void notes.push(line) } as unknown as Shell };
}

describe("a person's changes to configuration files", () => {
  it('are made in all of them at once, but for names that no list can hold', async () => {
    const { shell: own, asked, notes } = shell({ '/etc/a b': 'a' });
    const paths = ['/etc/a b', '/etc/with\nnewline', '/etc/with\\backslash', 'relative'];
    expect(await changeConfiguration(own, paths)).toEqual(new Map([['/etc/a b', 'a'.repeat(64)]]));
    expect(asked).toEqual(['/etc/a b']);
    expect(notes).toContain('3 more configuration files are left alone');
  });

  it('are followed to where they are after the upgrade', async () => {
    const changes = new Map(['a', 'b', 'c', 'd', 'e'].map((letter) => [`/etc/${letter}`, letter.repeat(64)]));
    const { shell: own } = shell({
      '/etc/a': 'a',
      '/etc/a.dpkg-dist': '0',
      '/etc/b': '1',
      '/etc/b.rpmsave': 'b',
      '/etc/d': '2',
      '/etc/renamed': 'e',
    });
    expect(await followConfiguration(own, changes, ['/etc/a', '/etc/b', '/etc/d', '/etc/renamed'])).toEqual([
      { path: '/etc/a', keptAs: '/etc/a', present: true },
      { path: '/etc/b', keptAs: '/etc/b.rpmsave', present: true },
      { path: '/etc/c', keptAs: undefined, present: false },
      { path: '/etc/d', keptAs: undefined, present: true },
      { path: '/etc/e', keptAs: '/etc/renamed', present: false },
    ]);
  });

  it('are not taken for each other where two files are alike', async () => {
    const changes = new Map(['/etc/a', '/etc/ab'].map((path) => [path, 'a'.repeat(64)]));
    const { shell: own } = shell({ '/etc/a': '0', '/etc/ab': 'a' });
    expect(await followConfiguration(own, changes, ['/etc/a', '/etc/ab'])).toEqual([
      { path: '/etc/a', keptAs: undefined, present: true },
      { path: '/etc/ab', keptAs: '/etc/ab', present: true },
    ]);
  });

  it('are none where a package has no configuration: nothing is asked', async () => {
    const { shell: own, asked } = shell({});
    const changes = await changeConfiguration(own, []);
    expect(await followConfiguration(own, changes, ['/etc/new'])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are in effect where the file is, or where it is called otherwise now', () => {
    const kept = [
      { path: '/etc/a', keptAs: '/etc/a', present: true },
      { path: '/etc/b', keptAs: '/etc/b.rpmsave', present: true },
      { path: '/etc/c', present: true },
      { path: '/etc/d', keptAs: '/etc/d.conf', present: false },
    ];
    expect([...pathsInEffect(kept)]).toEqual(['/etc/a', '/etc/d.conf']);
  });

  it('are not held against the package: what they changed is not compared', () => {
    const digest = { algorithm: 'md5', hex: '0' } as const;
    const files = ['/etc/a', '/etc/b'].map((path) => ({ path, type: 'file', recorded: { digest } }) as const);
    expect(exceptChanged(files, new Set(['/etc/b']))).toEqual([
      files[0],
      { path: '/etc/b', type: 'file', recorded: { digest, unverified: ['digest', 'size'] } },
    ]);
    expect(exceptChanged(files, new Set())).toBe(files);
  });

  it('that cannot be made are no fault of the package', async () => {
    await expect(changeConfiguration(shell({}, 1).shell, ['/etc/a'])).rejects.toMatchObject({
      code: 'environment_lost',
    });
  });
});
