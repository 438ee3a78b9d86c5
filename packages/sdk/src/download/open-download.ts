import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Abortable, Bytes } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import { splitCredentials, withoutCredentials } from './url-credentials.ts';

/** Tries at a download that the network or the server spoils. */
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** A download that has begun. */
export interface Download {
  readonly fileName: string;
  /** The URL without user and password. */
  readonly shown: string;
  readonly content: Bytes;
}

/** The server says that there is none: one sentence. */
export interface NoDownload {
  readonly missing: string;
}

/**
 * Starts a download over http or https; user and password of the URL are sent as Basic authentication.
 * @throws {AltsError} `repository_unavailable` when the server cannot be reached or answers with an error of its own
 */
export async function openDownload(url: string, { signal }: Abortable = {}): Promise<Download | NoDownload> {
  const { address, authorization } = splitCredentials(url);
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  const shown = withoutCredentials(url);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await request(address, headers, signal);
    if (answer instanceof Response && answer.ok && answer.body) {
      return { fileName: decodeURIComponent(basename(new URL(url).pathname)), shown, content: answer.body };
    }
    const problem =
      answer instanceof Error ? answer.message : `the server answered ${answer.status} ${answer.statusText}`.trim();
    if (answer instanceof Response) {
      await answer.body?.cancel();
      if (answer.status === 404 || answer.status === 410) return { missing: `${shown}: ${problem}` };
    }
    const passing = answer instanceof Error || answer.status >= 500 || answer.status === 429;
    if (!passing || attempt === TRIES)
      throw new AltsError('repository_unavailable', `cannot fetch ${shown}: ${problem}`);
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
  }
}

async function request(address: string, headers: Headers, signal: AbortSignal | undefined): Promise<Response | Error> {
  try {
    return await fetch(address, { headers, signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    const { cause, message } = error as Error;
    return cause instanceof Error ? new Error(cause.message || message) : new Error(message);
  }
}
