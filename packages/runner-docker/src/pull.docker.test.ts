import { System } from '@alts/sdk/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerRunner } from './docker-runner.ts';
import { lease, printed, provisioned } from './environment.fixture.ts';
import { docker, registry } from './registry.fixture.ts';

let from: Awaited<ReturnType<typeof registry>>;
beforeAll(async () => {
  from = await registry();
});
afterAll(() => from?.[Symbol.asyncDispose]());

/** The base image under a name of the registry; only there, not on the engine. */
async function pushed(name: string): Promise<{ image: string; digest: string }> {
  const image = `${from.host}/${name}`;
  await docker('tag', 'debian:12', image);
  const said = await docker('push', image);
  await docker('rmi', image);
  return { image, digest: /digest: (sha256:[0-9a-f]{64})/.exec(said)?.[1] ?? said };
}

describe('an image in a registry', () => {
  it('is pulled with progress when it is not here, and its digest is that of the registry', async () => {
    const { image, digest } = await pushed('debian:12');
    const lines: string[] = [];
    try {
      const runner = dockerRunner({ images: { 'debian:12': image } });
      const spec = { system: System.parse('debian:12'), resources: {} };
      const environment = await runner.provision(spec, { lease: lease(), onProgress: (line) => lines.push(line) });
      try {
        expect(environment.image).toEqual({ name: image, digest });
        expect(await printed(environment, '. /etc/os-release; echo $ID')).toBe('debian\n');
      } finally {
        await runner.remove(environment.id);
      }
      expect(lines[0]).toBe(`pulling ${image}`);
      expect(lines.join('\n')).toContain(digest);
      await using again = await provisioned({ images: { 'debian:12': image }, pull: 'never' });
      expect(again.environment.image?.digest).toBe(digest);
    } finally {
      await docker('rmi', image);
    }
  });

  it('that is not there is the fault of nobody but who asked: the registry says so', async () => {
    const runner = dockerRunner({ images: { 'debian:12': `${from.host}/no/such:1` } });
    const spec = { system: System.parse('debian:12'), resources: {} };
    await expect(runner.provision(spec, { lease: lease() })).rejects.toMatchObject({
      code: 'image_unavailable',
      message: expect.stringMatching(/cannot pull the image .*no\/such:1 for debian:12: .*(unknown|not found)/),
    });
  });
});
