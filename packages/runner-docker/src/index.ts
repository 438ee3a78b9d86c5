import { definePlugin } from '@alts/sdk/plugin';
import { DockerOptions } from './docker-options.ts';
import { dockerRunner } from './docker-runner.ts';

export { BUILDABLE, type BuildOptions, buildBaseImage, listImages } from './build-base-image.ts';
export { DockerOptions, type DockerOptionsInput } from './docker-options.ts';
export { dockerRunner } from './docker-runner.ts';

export default definePlugin({ kind: 'runner', name: 'docker', options: DockerOptions, create: dockerRunner });
