import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';

export interface SocketProxy extends AsyncDisposable {
  readonly host: string;
  /** From now on it is as if the engine had been killed. */
  cut(): void;
}

/** Holds up what comes on the stream of a command; what the engine answers otherwise passes at once. */
function late(ms: number): Transform {
  let upgraded = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => done(null, chunk), upgraded ? ms : 0);
      upgraded ||= chunk.includes('101 UPGRADED');
    },
  });
}

/**
 * A socket in front of the real engine's, that can be cut: the engine itself belongs to everybody.
 * @param lateMs how much later than the engine sends it the output of commands arrives
 */
export async function socketProxy({ lateMs = 0, target = '/var/run/docker.sock' } = {}): Promise<SocketProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-docker-proxy-'));
  const path = join(directory, 'docker.sock');
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = createConnection({ path: target, allowHalfOpen: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    }
    near.pipe(far).pipe(late(lateMs)).pipe(near);
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
