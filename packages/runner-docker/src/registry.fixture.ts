import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const docker = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('docker', args)).stdout.trim();

const SERVE = `export DEBIAN_FRONTEND=noninteractive
apt-get -q update && apt-get -q -y --no-install-recommends install docker-registry || exit
printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: /registry}}\\nhttp: {addr: "127.0.0.1:%s"}\\n' "$1" > /registry.yml
exec docker-registry serve /registry.yml`;
const TRIES = 1200;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Where images are pulled from, on loopback: a registry that engines trust without TLS. */
export async function registry(): Promise<AsyncDisposable & { readonly host: string }> {
  const port = String(await freePort());
  const container = await docker(
    'run',
    '-d',
    '--init',
    '--network',
    'host',
    'debian:12',
    'sh',
    '-c',
    SERVE,
    'sh',
    port,
  );
  const dispose = async (): Promise<void> => void (await docker('rm', '-f', '-v', container));
  const host = `127.0.0.1:${port}`;
  for (let turn = 0; turn < TRIES; turn += 1) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.ok) return { host, [Symbol.asyncDispose]: dispose };
    if ((await docker('inspect', '--format', '{{.State.Running}}', container)) !== 'true') break;
    await sleep(100);
  }
  const output = await docker('logs', '--tail', '20', container);
  await dispose();
  throw new Error(`the registry did not start:\n${output}`);
}
