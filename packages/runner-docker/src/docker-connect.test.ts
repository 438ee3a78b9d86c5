import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from './docker-connect.ts';

// No engine is needed to see where one is looked for: the error names every place.

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'alts-docker-connect-'));
  for (const name of ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH']) vi.stubEnv(name, '');
  vi.stubEnv('DOCKER_CONFIG', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function writeContext(name: string, host: string): void {
  const directory = join(home, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

const tried = async (options: Parameters<typeof connect>[0] = {}): Promise<unknown> =>
  connect(options).catch((error: unknown) => error);
const unavailable = (message: RegExp) => ({ code: 'runner_unavailable', message: expect.stringMatching(message) });

describe('where an engine is looked for', () => {
  it('is the option host, before anything else', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///no/env.sock');
    const error = await tried({ host: 'unix:///no/option.sock' });
    expect(error).toMatchObject(unavailable(/tried unix:\/\/\/no\/option\.sock \(option host\): .*ENOENT/));
    expect((error as Error).message).not.toContain('env.sock');
  });

  it('is DOCKER_HOST, and no usual socket is taken in its place', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:9');
    expect(await tried()).toMatchObject(
      unavailable(/tried tcp:\/\/127\.0\.0\.1:9 \(DOCKER_HOST\): .*ECONNREFUSED[^;]*$/),
    );
  });

  it('is the current context of the Docker command line', async () => {
    writeContext('far', 'unix:///no/context.sock');
    writeFileSync(join(home, 'config.json'), '{"currentContext":"far"}');
    expect(await tried()).toMatchObject(unavailable(/unix:\/\/\/no\/context\.sock \(context far\)/));
  });

  it('is the context that the option names', async () => {
    writeContext('other', 'unix:///no/other.sock');
    expect(await tried({ context: 'other' })).toMatchObject(unavailable(/no\/other\.sock \(context other\)/));
    expect(await tried({ context: 'gone' })).toMatchObject(unavailable(/cannot read the Docker context "gone"/));
  });

  it('cannot be ssh, and the error says what does instead', async () => {
    expect(await tried({ host: 'ssh://root@example' })).toMatchObject(unavailable(/ssh:\/\/ forward the socket/));
  });

  it('needs its certificates when DOCKER_TLS_VERIFY is set', async () => {
    vi.stubEnv('DOCKER_TLS_VERIFY', '1');
    vi.stubEnv('DOCKER_CERT_PATH', home);
    expect(await tried({ host: 'tcp://127.0.0.1:9' })).toMatchObject(
      unavailable(/has no ca\.pem, cert\.pem and key\.pem/),
    );
  });

  it('is found over TCP', async () => {
    const server = createServer((_, response) => response.end('OK'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await connect({ host: `tcp://127.0.0.1:${port}` })).toMatchObject({ address: `tcp://127.0.0.1:${port}` });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
