import { describe, expect, it } from 'vitest';
import { DockerOptions } from './docker-options.ts';
import { dockerRunner } from './docker-runner.ts';

describe('options of the Docker runner', () => {
  it('are text on a command line', () => {
    const text = {
      memoryMiB: '512',
      processes: '100',
      cpus: '0.5',
      images: 'debian:12=my/image:tag,altsrpm:1=x@sha256:0',
    };
    expect(DockerOptions.parse(text)).toMatchObject({
      memoryMiB: 512,
      processes: 100,
      cpus: 0.5,
      images: { 'debian:12': 'my/image:tag', 'altsrpm:1': 'x@sha256:0' },
    });
  });

  it('have limits by default', () => {
    expect(DockerOptions.parse({})).toMatchObject({ memoryMiB: 2048, processes: 4096, pull: 'missing', images: {} });
  });

  it.each([
    ['memoryMiB', { memoryMiB: 'much' }],
    ['memoryMiB', { memoryMiB: '1' }],
    ['images', { images: 'debian:12' }],
    ['images', { images: { 'debian:12': '--privileged' } }],
    ['pull', { pull: 'always' }],
    ['colour', { colour: 'red' }],
  ])('are refused with the name of the field: %s', (field, options) => {
    expect(() => dockerRunner(options as never)).toThrow(new RegExp(`options of runner docker: .*${field}`));
  });

  it('say which systems are known without a table', async () => {
    const { knows } = dockerRunner({ images: { 'altsrpm:1': 'x' } });
    expect(await knows?.({ distribution: 'altsrpm', version: '1' })).toBe(true);
    expect(await knows?.({ distribution: 'constructor', version: '1' })).toBe(false);
  });
});
