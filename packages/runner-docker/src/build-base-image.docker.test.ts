import { describe, expect, it } from 'vitest';
import { buildBaseImage, listImages } from './build-base-image.ts';
import { printed, provisioned } from './environment.fixture.ts';
import { docker } from './registry.fixture.ts';

const system = { distribution: 'debian', version: '12' };

describe('a base image that is built', () => {
  it('is like the official one: no package lists, no services started, nothing half done left', async () => {
    const tag = `alts-build-test:${process.pid}`;
    const before = await docker('image', 'inspect', '--format', '{{.Id}}', 'debian:12');
    const lines: string[] = [];
    try {
      const { name, digest } = await buildBaseImage(system, { tag, onProgress: (line) => lines.push(line) });
      expect([name, digest]).toEqual([tag, await docker('image', 'inspect', '--format', '{{.Id}}', tag)]);
      expect(lines.length).toBeGreaterThan(0);
      expect(await listImages()).toContainEqual(expect.objectContaining({ name: tag, builtHere: true }));
      await using made = await provisioned({ images: { 'debian:12': tag } });
      expect(await printed(made.environment, '/usr/sbin/policy-rc.d; echo $?')).toBe('101\n');
      expect(
        await printed(made.environment, 'ls /var/lib/apt/lists | grep -v -e ^lock$ -e ^partial$ -e ^auxfiles$'),
      ).toBe('');
    } finally {
      await docker('rmi', tag);
    }
    expect(await docker('image', 'inspect', '--format', '{{.Id}}', 'debian:12')).toBe(before);
    expect(await docker('images', '-q', 'alts-build-test')).toBe('');
  });

  it('is nowhere after an abort', async () => {
    const [aborting, reason] = [new AbortController(), new Error('no longer wanted')];
    const building = buildBaseImage(system, {
      tag: 'alts-abort-test:1',
      signal: aborting.signal,
      onProgress: () => aborting.abort(reason),
    });
    await expect(building).rejects.toBe(reason);
    expect(await docker('images', '-q', 'alts-abort-test')).toBe('');
  });

  it('is nowhere when the mirror does not answer, and the error says so', async () => {
    const building = buildBaseImage(system, { tag: 'alts-mirror-test:1', mirror: 'http://127.0.0.1:9/debian' });
    await expect(building).rejects.toMatchObject({ code: 'repository_unavailable' });
    expect(await docker('images', '-q', 'alts-mirror-test')).toBe('');
  });
});

describe('what cannot be built', () => {
  it('is refused with what can', async () => {
    const building = buildBaseImage({ distribution: 'almalinux', version: '9' });
    await expect(building).rejects.toThrow(
      /almalinux:9 cannot be built; these can: debian:11, debian:12, debian:13, debian:sid/,
    );
  });

  it('is a mirror that is no URL: it would be an option of the tool', async () => {
    await expect(buildBaseImage(system, { mirror: '--include=x' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
