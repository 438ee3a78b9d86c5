import { AltsError, type Architecture, formatSystem, type ImageRef, type System } from '@alts/sdk/plugin';
import { BUILDABLE } from './build-base-image.ts';
import type { Engine } from './docker-engine.ts';
import { fromDocker, reasonOf, statusOf } from './docker-errors.ts';
import type { DockerOptions } from './docker-options.ts';

/** Our names of architectures, as the engine calls them: Go's GOARCH, with the variant of a platform behind it. */
export const PLATFORMS: Readonly<Record<Architecture, string>> = {
  x86_64: 'amd64',
  x86_64_v2: 'amd64/v2',
  i686: '386',
  aarch64: 'arm64',
  armv7l: 'arm',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

export function architectureOf(platform: string): Architecture | undefined {
  return (Object.keys(PLATFORMS) as Architecture[]).find((name) => PLATFORMS[name] === platform);
}

/** `debian:12`, whatever the architecture. */
const shortName = ({ distribution, version }: System): string => `${distribution}:${version}`;

export function imageFor(system: System, options: DockerOptions): string {
  return options.images[shortName(system)] ?? shortName(system);
}

/** `linux/amd64`; undefined where the request leaves it to the engine. */
export function platformFor({ architecture }: System): string | undefined {
  return architecture && `linux/${PLATFORMS[architecture]}`;
}

export interface FoundImage extends ImageRef {
  readonly architecture: Architecture | undefined;
}

/** What is under that name now; undefined when nothing is. The digest is the registry's, or else the image's own id. */
export async function inspectImage(docker: Engine, name: string): Promise<FoundImage | undefined> {
  try {
    const found = await docker.getImage(name).inspect();
    const digest = found.RepoDigests?.[0]?.split('@')[1] ?? found.Id;
    return { name, digest, architecture: architectureOf(found.Architecture) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw fromDocker(error, `looking for the image ${name}`, 'runner_unavailable');
  }
}

interface PullContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Lines of progress that one pull may print: an image has tens of layers, a hostile one thousands. */
const MAX_PROGRESS_LINES = 200;

/** Pulls, with one line for each step of the whole and none for each kilobyte. */
async function pull(
  docker: Engine,
  name: string,
  platform: string | undefined,
  limit: AbortSignal,
  onProgress: (line: string) => void,
): Promise<void> {
  onProgress(`pulling ${name}`);
  const stream = await docker.pull(name, { abortSignal: limit, ...(platform ? { platform } : {}) });
  let lines = 0;
  await new Promise<void>((resolve, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
    docker.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      ({ status, progress, id }) => {
        if (!status || progress || lines >= MAX_PROGRESS_LINES) return;
        lines += 1;
        onProgress(id ? `${id}: ${status}` : status);
      },
    );
  });
}

/** Images are built for the machine that builds them; of Node's names, those that distributions still build for. */
const OWN_ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  s390x: 's390x',
  riscv64: 'riscv64',
};

function advice(system: System): string {
  const buildable = Object.keys(BUILDABLE);
  const own = system.architecture === undefined || system.architecture === OWN_ARCHITECTURES[process.arch];
  return own && Object.hasOwn(BUILDABLE, shortName(system))
    ? `; where no registry can be reached, build it: alts image build ${shortName(system)}`
    : `; can be built without a registry: ${buildable.join(', ')}`;
}

/**
 * Pulls the image of a system.
 * @throws {AltsError} `image_unavailable`; `runner_unavailable`, `disk_full`
 */
export async function pullImage(
  docker: Engine,
  system: System,
  options: DockerOptions,
  { signal, onProgress }: PullContext,
): Promise<void> {
  const name = imageFor(system, options);
  const wanted = `the image ${name} for ${formatSystem(system)}`;
  if (options.pull === 'never') {
    throw new AltsError('image_unavailable', `${wanted} is not here, and pull is "never"${advice(system)}`);
  }
  const timeout = AbortSignal.timeout(options.pullTimeoutMs);
  const limit = signal ? AbortSignal.any([timeout, signal]) : timeout;
  try {
    await pull(docker, tagged(name), platformFor(system), limit, onProgress ?? (() => undefined));
  } catch (error) {
    signal?.throwIfAborted();
    const reason = timeout.aborted ? `not within ${options.pullTimeoutMs / 1000} s` : reasonOf(error);
    const known = fromDocker(error, `pulling ${name}`, 'image_unavailable');
    if (known.code !== 'image_unavailable') throw known;
    throw new AltsError('image_unavailable', `cannot pull ${wanted}: ${reason}${advice(system)}`, { cause: error });
  }
}

/** Without a tag the engine's API pulls every tag that there is. */
function tagged(name: string): string {
  return name.includes('@') || /:[^/]*$/.test(name) ? name : `${name}:latest`;
}

/** @throws {AltsError} `image_unavailable` for an image of another architecture than the one asked for */
export function assertArchitecture(image: FoundImage, system: System): void {
  if (!system.architecture || image.architecture === undefined) return;
  // An image does not always say its variant, and one without runs on all of them.
  const [wanted] = PLATFORMS[system.architecture].split('/');
  if (wanted === PLATFORMS[image.architecture].split('/')[0]) return;
  throw new AltsError(
    'image_unavailable',
    `the image ${image.name} is for ${image.architecture}, and ${formatSystem(system)} was asked for; ` +
      `name one for ${system.architecture} in the option images`,
  );
}
