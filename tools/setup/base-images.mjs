import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, isDebian, isRoot, isUbuntu } from './apt.mjs';
import { call } from './engine-api.mjs';
import { withLock } from './lock.mjs';
import { ALTS, machineEnvironment, program, ROOT, repositoryEnvironment } from './repository.mjs';
import { has, must } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const RPM_SYSTEM = join(ROOT, 'fixtures/rpm-system/set-up.ts');

/** A registry that has said nothing for so long is taken for absent: then images are built. */
const REGISTRY_SILENCE_MS = 20_000;

async function present(address, image) {
  const { status, body } = await call(address, 'GET', `/images/${image}/json`);
  if (status === 200) return true;
  if (status === 404) return false;
  throw new SetupError(`asked for the image ${image}, the Docker Engine answered ${status}: ${body.trim()}`);
}

async function pull(address, image) {
  const [name, tag] = image.split(':');
  const path = `/images/create?fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
  // The first answer comes after the registry's; a failure later on is in the stream, hence the second look.
  await call(address, 'POST', path, { silenceMs: REGISTRY_SILENCE_MS }).catch(() => undefined);
  return present(address, image);
}

async function ensureMmdebstrap(image) {
  if (await has('mmdebstrap')) return;
  if (!isDebian()) {
    throw new SetupError(
      `no registry answers, so ${image} cannot be pulled, and building it needs mmdebstrap, which is on Debian and ` +
        `Ubuntu: make a registry reachable, or import an image as ${image} yourself (docker load, docker import)`,
    );
  }
  const keyring = isUbuntu() ? ['debian-archive-keyring'] : [];
  const namespaces = isRoot() ? [] : ['uidmap'];
  await aptInstall(['mmdebstrap', ...keyring, ...namespaces]);
}

async function build(address, image) {
  if (!existsSync(ALTS)) throw new SetupError(`${ALTS} is missing, which builds ${image}`);
  await ensureMmdebstrap(image);
  const { PATH } = machineEnvironment();
  const env = { ...repositoryEnvironment(), PATH: `${repositoryEnvironment().PATH}:${PATH}` };
  if (address.socketPath) env.DOCKER_HOST = address.host;
  await must(`building the image ${image}`, program('node'), [ALTS, 'image', 'build', image], { env });
}

/** The system of the rpm family that tests use, built from Debian's packages of dnf and rpm: no real one can be had everywhere. */
export function ensureRpmSystem(address) {
  return withLock('images', async () => {
    const { PATH } = machineEnvironment();
    const env = { ...repositoryEnvironment(), PATH: `${repositoryEnvironment().PATH}:${PATH}` };
    if (address.socketPath) env.DOCKER_HOST = address.host;
    const said = await must('building the rpm system', program('node'), [RPM_SYSTEM], { env });
    return said.trim().replaceAll('\n', ', ') || 'altsrpm:1 present';
  });
}

/** Has each image in the engine: as it is, pulled where a registry answers, else built from its distribution's mirror. */
export function ensureImages(address, images) {
  return withLock('images', async () => {
    let registry = true;
    const made = [];
    for (const image of images) {
      if (await present(address, image)) continue;
      registry &&= await pull(address, image);
      if (!registry) await build(address, image);
      made.push(`${registry ? 'pulled' : 'built'} ${image}`);
    }
    return made.length > 0 ? made.join(', ') : `${images.join(', ')} present`;
  });
}
