import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentOwner } from './owner.ts';
import { removeAbandonedDirectories, temporaryDirectory } from './temporary-directory.ts';

const own = currentOwner().replaceAll(':', '.');
const dead = own.replace(/\d+$/, '1');
const foreign = '0123456789abcdef.1.1';

let place = '';

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'alts-test-'));
  vi.stubEnv('TMPDIR', place);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

async function directory(name: string): Promise<string> {
  const path = join(place, name);
  await mkdir(join(path, 'deep'), { recursive: true });
  await writeFile(join(path, 'deep', 'file'), 'content');
  return path;
}

describe('a temporary directory', () => {
  it('is for this user alone and goes with all that is in it', async () => {
    const { path } = await (async () => {
      await using temporary = await temporaryDirectory('suite');
      expect((await stat(temporary.path)).mode & 0o777).toBe(0o700);
      await writeFile(join(temporary.path, 'file'), 'content');
      return temporary;
    })();
    expect(existsSync(path)).toBe(false);
  });
});

describe('abandoned directories', () => {
  it('are those of processes that were killed', async () => {
    const module = new URL('temporary-directory.ts', import.meta.url).href;
    const kill = `const { temporaryDirectory } = await import(${JSON.stringify(module)});
      console.log((await temporaryDirectory('suite')).path);
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', kill], { encoding: 'utf8' });
    const path = stdout.trim();
    expect(existsSync(path)).toBe(true);
    expect(await removeAbandonedDirectories()).toEqual([path]);
    expect(existsSync(path)).toBe(false);
  });

  it('are not those of a process that lives, whichever name somebody else has chosen, and links', async () => {
    await using mine = await temporaryDirectory('suite');
    const others = await directory(`other-suite-${dead}-abcdef`);
    const target = await directory('target');
    await symlink(target, join(place, `alts-suite-${dead}-abcdef`));
    expect(await removeAbandonedDirectories()).toEqual([]);
    for (const path of [mine.path, others, join(target, 'deep', 'file')]) expect(existsSync(path)).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('are not those of another user', async () => {
    const path = await directory(`alts-suite-${dead}-abcdef`);
    const { chown } = await import('node:fs/promises');
    await chown(path, 65534, 65534);
    expect(await removeAbandonedDirectories()).toEqual([]);
  });

  it('are those of another boot or container once they are a week old', async () => {
    const fresh = await directory(`alts-suite-${foreign}-abcdef`);
    const old = await directory(`alts-suite-${foreign}-ghijkl`);
    const weekAgo = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(old, weekAgo, weekAgo);
    expect(await removeAbandonedDirectories()).toEqual([old]);
    expect(existsSync(fresh)).toBe(true);
  });
});
