import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { AltsError } from '@alts/sdk/plugin';
import Docker from 'dockerode';
import type { Engine } from './docker-engine.ts';
import { reasonOf } from './docker-errors.ts';

/** A place where an engine may answer. */
interface Candidate {
  readonly address: string;
  /** Why it is tried, for the message when nothing answers. */
  readonly from: string;
  readonly tls?: Tls | undefined;
}

interface Tls {
  readonly directory: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Connection {
  readonly docker: Engine;
  readonly address: string;
  /** Where ca.pem, cert.pem and key.pem are; left out: without TLS. */
  readonly certificates?: string | undefined;
}

/** How long an engine may take to say that it is there. */
const PING_MS = 5000;

function readTls(directory: string): Candidate['tls'] {
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  return { directory, ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

/** The endpoint of a context as the Docker command line keeps it: a directory named by the SHA-256 of its name. */
function contextCandidate(name: string): Candidate {
  const configuration = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const id = createHash('sha256').update(name).digest('hex');
  const meta = JSON.parse(readFileSync(join(configuration, 'contexts/meta', id, 'meta.json'), 'utf8')) as {
    Endpoints?: { docker?: { Host?: string } };
  };
  const address = meta.Endpoints?.docker?.Host;
  if (!address) throw new Error(`it names no Docker endpoint`);
  const tls = join(configuration, 'contexts/tls', id, 'docker');
  return {
    address,
    from: `context ${name}`,
    tls: address.startsWith('tcp') ? optional(() => readTls(tls)) : undefined,
  };
}

function optional<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function currentContext(): string | undefined {
  const configuration = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const text = optional(() => readFileSync(join(configuration, 'config.json'), 'utf8'));
  const name =
    process.env['DOCKER_CONTEXT'] ||
    (text && (optional(() => JSON.parse(text)) as { currentContext?: string } | undefined)?.currentContext);
  return name && name !== 'default' ? name : undefined;
}

/** Where to look, in this order; what the user said is never passed over for a usual place. */
function candidates(options: { host?: string | undefined; context?: string | undefined }): Candidate[] {
  if (options.host) return [{ address: options.host, from: 'option host', tls: environmentTls(options.host) }];
  if (options.context) return [contextFor(options.context)];
  const host = process.env['DOCKER_HOST'];
  if (host) return [{ address: host, from: 'DOCKER_HOST', tls: environmentTls(host) }];
  const context = currentContext();
  if (context) return [contextFor(context)];
  const runtime = process.env['XDG_RUNTIME_DIR'] || `/run/user/${userInfo().uid}`;
  return [
    '/var/run/docker.sock',
    `${runtime}/docker.sock`,
    `${homedir()}/.docker/run/docker.sock`,
    `${runtime}/podman/podman.sock`,
    '/run/podman/podman.sock',
  ].map((path) => ({ address: `unix://${path}`, from: 'usual socket' }));
}

function contextFor(name: string): Candidate {
  try {
    return contextCandidate(name);
  } catch (error) {
    throw new AltsError('runner_unavailable', `cannot read the Docker context "${name}" (${reasonOf(error)})`, {
      cause: error,
    });
  }
}

function environmentTls(address: string): Candidate['tls'] {
  const verify = process.env['DOCKER_TLS_VERIFY'];
  if (!verify || address.startsWith('/') || address.startsWith('unix:')) return undefined;
  const directory = process.env['DOCKER_CERT_PATH'] || join(homedir(), '.docker');
  try {
    return readTls(directory);
  } catch (error) {
    throw new AltsError(
      'runner_unavailable',
      `DOCKER_TLS_VERIFY is set, and DOCKER_CERT_PATH (${directory}) has no ca.pem, cert.pem and key.pem`,
      { cause: error },
    );
  }
}

function clientFor({ address, tls }: Candidate): Engine {
  if (address.startsWith('/')) return new Docker({ socketPath: address });
  if (address.startsWith('unix://')) return new Docker({ socketPath: address.slice('unix://'.length) });
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    throw new Error(
      'only unix://, tcp://, http:// and https:// addresses are supported; for ssh:// forward the socket with ssh -L',
    );
  }
  const secure = tls !== undefined || url.protocol === 'https:';
  const port = Number(url.port || (secure ? 2376 : 2375));
  return new Docker({ host: url.hostname, port, protocol: secure ? 'https' : 'http', ...tls });
}

async function ping(docker: Engine): Promise<void> {
  const limit = AbortSignal.timeout(PING_MS);
  try {
    await docker.ping({ abortSignal: limit });
  } catch (error) {
    throw limit.aborted ? new Error(`no answer within ${PING_MS / 1000} s`) : error;
  }
}

/**
 * Finds the engine: DOCKER_HOST and its TLS variables, the current context, or the usual sockets.
 * @throws {AltsError} `runner_unavailable`, naming every place that was tried and what was wrong there
 */
export async function connect(options: {
  host?: string | undefined;
  context?: string | undefined;
}): Promise<Connection> {
  const tried: string[] = [];
  for (const candidate of candidates(options)) {
    try {
      const docker = clientFor(candidate);
      await ping(docker);
      return { docker, address: candidate.address, certificates: candidate.tls?.directory };
    } catch (error) {
      tried.push(`${candidate.address} (${candidate.from}): ${reasonOf(error)}`);
    }
  }
  throw new AltsError('runner_unavailable', `no Docker Engine answers; tried ${tried.join('; ')}`);
}
