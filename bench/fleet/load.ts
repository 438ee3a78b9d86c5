import { Pool } from 'undici';

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

/**
 * Asks again and again over so many connections, each of which waits for its answer. By undici: the client of `node:http`
 * is slower than the servers that are measured, and would measure itself.
 */
export async function load({ url, durationMs, connections, ...call }: Load): Promise<Answered> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const taken: number[] = [];
  const started = performance.now();
  const until = started + durationMs;
  const ask = async () => {
    while (performance.now() < until) {
      const begun = performance.now();
      await once(pool, pathname, call);
      taken.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  const lastedMs = performance.now() - started;
  await pool.close();
  taken.sort((a, b) => a - b);
  const at = (part: number) => taken[Math.floor(taken.length * part)] ?? Number.NaN;
  return { count: taken.length, perSecond: taken.length / (lastedMs / 1000), p50: at(0.5), p99: at(0.99) };
}

async function once(pool: Pool, path: string, { method, token, body, expects }: Call): Promise<void> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const { statusCode, body: answer } = await pool.request({ path, method, headers, body: body ?? null });
  const text = await answer.text();
  if (statusCode !== expects) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
}

type Call = Omit<Load, 'url' | 'connections' | 'durationMs'>;
