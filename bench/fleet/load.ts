import { Agent, request } from 'node:http';

export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly token: string;
  readonly body?: string;
  readonly connections: number;
  readonly durationMs: number;
  /** The status that every answer has to have. */
  readonly expects: number;
}

export interface Answered {
  readonly count: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Asks again and again over so many connections, each of which waits for its answer. */
export async function load({ durationMs, connections, ...call }: Load): Promise<Answered> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const taken: number[] = [];
  const started = performance.now();
  const until = started + durationMs;
  const ask = async () => {
    while (performance.now() < until) {
      const begun = performance.now();
      await once(agent, call);
      taken.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  const lastedMs = performance.now() - started;
  agent.destroy();
  taken.sort((a, b) => a - b);
  const at = (part: number) => taken[Math.floor(taken.length * part)] ?? Number.NaN;
  return { count: taken.length, perSecond: taken.length / (lastedMs / 1000), p50: at(0.5), p99: at(0.99) };
}

function once(agent: Agent, { url, method, token, body, expects }: Omit<Load, 'connections' | 'durationMs'>) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const asking = request(url, { agent, method, headers }, (response) => {
    response.resume();
    if (response.statusCode !== expects) reject(new Error(`${method} ${url}: ${response.statusCode}`));
    response.once('end', resolve);
  });
  asking.once('error', reject);
  asking.end(body);
  return promise;
}
