import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import {
  type Abortable,
  AltsError,
  describeZodError,
  type Environment,
  type EnvironmentSpec,
  type Lease,
  type ProvisionContext,
  type Runner,
} from '@alts/sdk/plugin';
import type Docker from 'dockerode';
import { type Connection, connect } from './docker-connect.ts';
import { abortOn, type Engine, type EngineContainer } from './docker-engine.ts';
import { dockerEnvironment } from './docker-environment.ts';
import { fromDocker, reasonOf, statusOf } from './docker-errors.ts';
import { assertArchitecture, imageFor, inspectImage, platformFor, pullImage } from './docker-images.ts';
import { DockerOptions, type DockerOptionsInput } from './docker-options.ts';
import { labelsOf, leaseOf, TASK_LABEL } from './lease-labels.ts';

const MIB = 1024 * 1024;
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

function containerOptions(
  image: string,
  spec: EnvironmentSpec,
  lease: Lease,
  options: DockerOptions,
): Docker.ContainerCreateOptions {
  const { resources } = spec;
  const platform = platformFor(spec.system);
  const memory = (resources.memoryMiB ?? options.memoryMiB) * MIB;
  const cpus = resources.cpus ?? options.cpus;
  return {
    name: `alts-${lease.taskId.slice(0, 48)}-${randomBytes(4).toString('hex')}`,
    Image: image,
    Cmd: ['sleep', 'infinity'],
    Entrypoint: [],
    User: '0',
    ...(platform ? { platform } : {}),
    Env: PROXY_VARIABLES.flatMap((name) => (process.env[name] ? [`${name}=${process.env[name]}`] : [])),
    Labels: labelsOf(lease),
    StopTimeout: 1,
    HostConfig: {
      Init: true,
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: resources.processes ?? options.processes,
      ...(cpus ? { NanoCpus: Math.round(cpus * 1e9) } : {}),
      ...(options.network ? { NetworkMode: options.network } : {}),
    },
  };
}

async function removeContainer(docker: Engine, id: string, signal?: AbortSignal): Promise<void> {
  const container = docker.getContainer(id);
  try {
    await container.remove({ force: true, v: true, ...abortOn(signal) });
  } catch (error) {
    if (statusOf(error) === 404) return;
    // 409: somebody else is removing it just now.
    if (statusOf(error) === 409 && (await isGone(container, signal))) return;
    signal?.throwIfAborted();
    throw fromDocker(error, `removing ${id}`, 'runner_unavailable');
  }
}

async function isGone(container: EngineContainer, signal?: AbortSignal): Promise<boolean> {
  await container.wait({ condition: 'removed', ...abortOn(signal) }).catch(() => undefined);
  return await container.inspect(abortOn(signal)).then(
    () => false,
    (error: unknown) => statusOf(error) === 404,
  );
}

/**
 * Environments as containers of a Docker Engine (20.10 or later) or of Podman's compatible API. Connects when it is
 * first used.
 * @throws {AltsError} `invalid_request` for options that are wrong
 */
export function dockerRunner(input: DockerOptionsInput = {}): Runner {
  const parsed = DockerOptions.safeParse(input);
  if (!parsed.success) {
    throw new AltsError('invalid_request', `options of runner docker: ${describeZodError(parsed.error, input)}`);
  }
  const options = parsed.data;
  let connecting: Promise<Connection> | undefined;
  const engine = async (): Promise<Engine> => {
    connecting ??= connect(options);
    try {
      return (await connecting).docker;
    } catch (error) {
      // An engine that is started later is found then.
      connecting = undefined;
      throw error;
    }
  };
  return {
    contract: 'runner/1',
    name: 'docker',
    traits: new Set(['container', 'init', 'changes']),
    knows: async ({ distribution, version }) => {
      if (Object.hasOwn(options.images, `${distribution}:${version}`)) return true;
      // What is not here is not pulled: a mistyped name would be asked of a registry.
      const image = await engine()
        .then((docker) => inspectImage(docker, `${distribution}:${version}`))
        .catch(() => undefined);
      return image !== undefined;
    },
    provision: async (spec, context) => {
      await engine();
      return provision(await (connecting ?? connect(options)), spec, context, options);
    },
    async *list({ signal }: Abortable = {}) {
      const docker = await engine();
      signal?.throwIfAborted();
      const filters = { label: [TASK_LABEL] };
      const found = await docker.listContainers({ all: true, filters, ...abortOn(signal) }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw fromDocker(error, 'listing containers', 'runner_unavailable');
      });
      for (const { Id, Labels } of found) yield { id: Id, lease: leaseOf(Labels) };
    },
    remove: async (id, { signal } = {}) => {
      signal?.throwIfAborted();
      await removeContainer(await engine(), id, signal);
    },
    probe: async ({ signal } = {}) => describe(await engine(), (await connecting)?.address ?? '', signal),
    directories: async ({ signal } = {}) => {
      const docker = await engine();
      const isHere = isLocal((await connecting)?.address ?? '');
      return isHere ? dataDirectories(docker, signal) : [];
    },
  };
}

/** Creates at once, for the image is nearly always here; pulls it when the engine says that it is not. */
async function create(
  docker: Engine,
  spec: EnvironmentSpec,
  context: ProvisionContext,
  options: DockerOptions,
): Promise<EngineContainer> {
  const wanted = containerOptions(imageFor(spec.system, options), spec, context.lease, options);
  // Never cut off: a request that is aborted half-way may still make a container, which nobody would know of.
  const attempt = (): Promise<EngineContainer> => docker.createContainer(wanted);
  try {
    return await attempt().catch(async (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      context.signal?.throwIfAborted();
      await pullImage(docker, spec.system, options, context);
      context.signal?.throwIfAborted();
      return await attempt();
    });
  } catch (error) {
    // The answer may be lost and the container there all the same: its name is ours alone.
    if (statusOf(error) === undefined && wanted.name) await removeContainer(docker, wanted.name).catch(() => undefined);
    context.signal?.throwIfAborted();
    throw fromDocker(error, `creating a container from ${wanted.Image}`, 'runner_unavailable');
  }
}

async function provision(
  connection: Connection,
  spec: EnvironmentSpec,
  context: ProvisionContext,
  options: DockerOptions,
): Promise<Environment> {
  const { docker } = connection;
  const { signal } = context;
  signal?.throwIfAborted();
  const name = imageFor(spec.system, options);
  const container = await create(docker, spec, context, options);
  try {
    signal?.throwIfAborted();
    // Both are waited for: nothing is to be removed that is about to start.
    const [found, started] = await Promise.allSettled([inspectImage(docker, name), container.start()]);
    if (started.status === 'rejected') throw started.reason;
    if (found.status === 'rejected') throw found.reason;
    const image = found.value;
    if (!image) throw new AltsError('image_unavailable', `the image ${name} was removed while it was used`);
    assertArchitecture(image, spec.system);
    signal?.throwIfAborted();
    const architecture = spec.system.architecture ?? image.architecture;
    const system = architecture ? { ...spec.system, architecture } : spec.system;
    return dockerEnvironment(container, system, { name: image.name, digest: image.digest }, connection);
  } catch (error) {
    await removeContainer(docker, container.id).catch(() => undefined);
    signal?.throwIfAborted();
    throw fromDocker(error, `starting a container from ${name}`, 'runner_unavailable');
  }
}

async function describe(docker: Engine, address: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    const { Version, Os, Arch } = await docker.version(abortOn(signal));
    return `Docker Engine ${Version} at ${address} (${Os}/${Arch})`;
  } catch (error) {
    signal?.throwIfAborted();
    throw new AltsError('runner_unavailable', `the engine at ${address} does not say its version: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

const isLocal = (address: string): boolean => address.startsWith('unix:') || address.startsWith('/');

/** Where containers grow; nothing where we see other files than the engine does, as from within a container. */
async function dataDirectories(docker: Engine, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    const { DockerRootDir: root } = await docker.info(abortOn(signal));
    const isSeen = root !== undefined && (await stat(root).catch(() => undefined))?.isDirectory();
    return isSeen ? [root] : [];
  } catch (error) {
    signal?.throwIfAborted();
    throw fromDocker(error, 'asking where containers are kept', 'runner_unavailable');
  }
}
