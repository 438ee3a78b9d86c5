import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketProxy extends AsyncDisposable {
  readonly host: string;
  /** From now on it is as if the engine had been killed. */
  cut(): void;
}

/** A socket in front of the real engine's, that can be cut: the engine itself belongs to everybody. */
export async function socketProxy(target = '/var/run/docker.sock'): Promise<SocketProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-docker-proxy-'));
  const path = join(directory, 'docker.sock');
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = createConnection({ path: target, allowHalfOpen: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return {
    host: `unix://${path}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
