import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Abortable } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { PackageFile } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { withoutCredentials } from './secrets.ts';

/** Tries at a download that the network or the server spoils. */
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/**
 * Checks a package file on this machine, before anything starts.
 * @throws {AltsError} `invalid_request` when it is not a file that can be read
 */
export async function assertPackageFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    throw new AltsError('invalid_request', `package.file: cannot read "${path}" (${found.code ?? found.message})`);
  }
  if (!found.isFile()) throw new AltsError('invalid_request', `package.file: "${path}" is not a file`);
}

/** A package file on this machine. */
export function openFile(path: string): PackageFile {
  return { fileName: basename(path), origin: path, content: createReadStream(path) };
}

/**
 * Starts a download.
 * @returns the file, or the package's failure when the server says that there is none
 * @throws {AltsError} `repository_unavailable` when the server cannot be reached or answers with an error of its own
 */
export async function openUrl(url: string, { signal }: Abortable = {}): Promise<PackageFile | Failure> {
  const { address, headers } = splitCredentials(url);
  const shown = withoutCredentials(url);
  const fileName = decodeURIComponent(basename(new URL(url).pathname));
  for (let attempt = 1; ; attempt += 1) {
    const answer = await request(address, headers, signal);
    if (answer instanceof Response && answer.ok && answer.body) {
      return { fileName, origin: shown, content: answer.body };
    }
    const problem =
      answer instanceof Error ? answer.message : `the server answered ${answer.status} ${answer.statusText}`.trim();
    if (answer instanceof Response) {
      await answer.body?.cancel();
      if (answer.status === 404 || answer.status === 410) {
        return { reason: 'package_not_found', message: `${shown}: ${problem}` };
      }
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

/** fetch() refuses URLs with a user in them. */
function splitCredentials(url: string): { address: string; headers: Headers } {
  const parsed = new URL(url);
  const headers = new Headers();
  if (parsed.username || parsed.password) {
    const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  }
  parsed.username = '';
  parsed.password = '';
  return { address: parsed.href, headers };
}
