import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { machineEnvironment } from './repository.mjs';
import { run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

export const DEFAULT_SOCKET = '/var/run/docker.sock';

async function contextHost() {
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const { code, output } = await run('docker', args, { env: machineEnvironment(), timeoutMs: 10_000 });
  return code === 0 ? output.trim() : '';
}

function usualSockets() {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const rootless = runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : [];
  const desktop = join(homedir(), '.docker', 'run', 'docker.sock');
  return [DEFAULT_SOCKET, ...rootless, desktop, '/run/podman/podman.sock'].filter(existsSync);
}

function certificates() {
  if (!process.env.DOCKER_TLS_VERIFY) return undefined;
  const folder = process.env.DOCKER_CERT_PATH || join(homedir(), '.docker');
  const read = (name) => readFileSync(join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function parse(host) {
  if (host.startsWith('unix://')) return { host, socketPath: host.slice('unix://'.length) };
  const tcp = /^(?:tcp|https?):\/\/([^/:]+|\[[^\]]+\])(?::(\d+))?/.exec(host);
  if (!tcp) {
    throw new SetupError(`this set-up cannot speak to the Docker Engine at ${host}: use unix:// or tcp://`);
  }
  const tls = host.startsWith('https:') ? (certificates() ?? {}) : certificates();
  return { host, hostname: tcp[1].replace(/[[\]]/g, ''), port: Number(tcp[2] ?? (tls ? 2376 : 2375)), tls };
}

/**
 * Where an engine may be, the first to be tried first. `chosen` when the user pointed there (DOCKER_HOST, a context):
 * then there is nowhere else to look and nothing to install.
 */
export async function engineAddresses() {
  if (process.env.DOCKER_HOST) return { chosen: 'DOCKER_HOST', addresses: [parse(process.env.DOCKER_HOST)] };
  const host = await contextHost();
  if (host && host !== `unix://${DEFAULT_SOCKET}`) return { chosen: 'the Docker context', addresses: [parse(host)] };
  return { chosen: undefined, addresses: usualSockets().map((path) => parse(`unix://${path}`)) };
}
