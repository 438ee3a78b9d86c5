import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line of the network that can be cut: a port of this machine that leads to another one. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  /** Nothing passes any more, and nobody is told: what a pulled cable looks like. */
  cut(): void;
  /** Connections are refused, and those that are there end: what a service that is down looks like. */
  refuse(): void;
  /** Leads again where it led; what hung on a cut line is gone. */
  mend(): void;
}

export async function openLine(target: number): Promise<Line> {
  const ends = new Set<Socket>();
  let state: 'whole' | 'cut' | 'refusing' = 'whole';
  const server = createServer((near) => {
    if (state === 'refusing') return void near.destroy();
    const far = connect(target, '127.0.0.1');
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => undefined);
      end.once('close', () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => state === 'whole' && far.write(bytes));
    far.on('data', (bytes) => state === 'whole' && near.write(bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const end of ends) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
    },
    refuse() {
      state = 'refusing';
      drop();
    },
    mend() {
      // What was swallowed cannot be had again: those connections are no good any more.
      if (state === 'cut') drop();
      state = 'whole';
    },
    async [Symbol.asyncDispose]() {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}
