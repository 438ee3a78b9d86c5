import type { Inventory } from '@alts/sdk/plugin';

/** Where an engine answers. */
export interface EngineAddress {
  readonly address: string;
  /** Directory of ca.pem, cert.pem and key.pem; left out: without TLS. */
  readonly certificates?: string | undefined;
}

/** What the `docker` program takes without being told. */
const DEFAULT = 'unix:///var/run/docker.sock';

/**
 * How ansible reaches a container: by the `docker` program of this machine. Undefined where it cannot be said: arguments
 * are split at spaces there.
 * Source: the documentation of the connection plugin community.docker.docker.
 */
export function inventoryOf(id: string, { address, certificates }: EngineAddress): Inventory | undefined {
  const host = address.startsWith('/') ? `unix://${address}` : address.replace(/^https?:/, 'tcp:');
  const tls = certificates === undefined ? [] : tlsArguments(certificates);
  const args = host === DEFAULT ? [] : ['-H', host, ...tls];
  if (args.some((argument) => /[\s{}]/.test(argument))) return undefined;
  return {
    ansible_connection: 'community.docker.docker',
    ansible_host: id,
    ansible_user: 'root',
    ...(args.length > 0 && { ansible_docker_extra_args: args.join(' ') }),
  };
}

function tlsArguments(directory: string): string[] {
  const files = { tlscacert: 'ca.pem', tlscert: 'cert.pem', tlskey: 'key.pem' };
  return ['--tlsverify', ...Object.entries(files).map(([option, file]) => `--${option}=${directory}/${file}`)];
}
