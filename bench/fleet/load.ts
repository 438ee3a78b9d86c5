import { join } from 'node:path';
import { execa } from 'execa';

const SCRIPT = join(import.meta.dirname, 'load.lua');

export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly token: string;
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The status that an answer has to have. */
  readonly expects: number;
}

export interface Answered {
  readonly count: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

interface Found {
  readonly count: number;
  readonly failed: number;
  readonly lastedUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/**
 * Asks again and again over so many connections, each of which waits for its answer. By wrk, which is written in C: a client
 * of Node takes as much of the two cores for itself as the server that is measured, and halves what that can do.
 * @throws {Error} where answers are refusals
 */
export async function load({ url, connections, seconds, ...call }: Load): Promise<Answered> {
  await once(url, call);
  const options = [
    '--threads',
    '1',
    '--connections',
    `${connections}`,
    '--duration',
    `${seconds}s`,
    '--script',
    SCRIPT,
  ];
  const asked = [call.method, call.token, ...(call.body === undefined ? [] : [call.body])];
  const { stdout } = await execa('wrk', [...options, url, '--', ...asked]);
  const { count, failed, lastedUs, p50Us, p99Us } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Found;
  if (failed > 0) throw new Error(`${call.method} ${url}: ${failed} of ${count} requests failed`);
  return { count, perSecond: count / (lastedUs / 1e6), p50: p50Us / 1000, p99: p99Us / 1000 };
}

/** wrk knows refusals, and no more of an answer. */
async function once(url: string, { method, token, body, expects }: Call): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  if (response.status !== expects) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

type Call = Omit<Load, 'url' | 'connections' | 'seconds'>;
