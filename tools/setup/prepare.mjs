import { ensureImages, ensureRpmSystem } from './base-images.mjs';
import { build } from './build.mjs';
import { ensureEngine } from './docker-engine.mjs';
import { ensureModules } from './node-modules.mjs';
import { ensurePrograms } from './programs.mjs';
import { step } from './step.mjs';

/** What any program of the repository needs: packages of npm, and our own, built. */
export async function prepareNode() {
  await step('Node packages', ensureModules);
  await step('Build', build);
}

/** What tests run on this machine besides Node. */
export const preparePrograms = (programs) => step('Programs', () => ensurePrograms(programs));

/** What tests of packages need: an engine, and clean systems for it. Resolves to the engine's address. */
export async function prepareDocker(images) {
  let address;
  await step('Docker Engine', async () => {
    const engine = await ensureEngine();
    address = engine.address;
    return engine.said;
  });
  await step('Base images', () => ensureImages(address, images));
  return address;
}

/** What tests of rpm packages need besides. */
export const prepareRpm = (address) => step('The rpm system', () => ensureRpmSystem(address));

/** `DOCKER_HOST` for programs that are to use this very engine. */
export const engineEnvironment = (address) => (process.env.DOCKER_HOST ? {} : { DOCKER_HOST: address.host });
