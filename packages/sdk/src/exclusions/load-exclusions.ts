import { open } from 'node:fs/promises';
import { AltsError } from '../contracts/errors.ts';
import type { Exclusions } from '../contracts/exclusions.ts';
import { DocumentCache, type KeptDocument } from './document-cache.ts';
import { exclusionsFor } from './exclusions-for.ts';
import { fetchDocument, MAX_DOCUMENT_BYTES, shownUrl } from './fetch-document.ts';
import { type ExclusionDocument, parseExclusions } from './parse-exclusions.ts';

const TIME_LIMIT_MS = 10_000;

export interface LoadExclusionsOptions {
  /** Where documents from servers are kept. */
  readonly cacheDirectory: string;
  /** How long a document is used without a question to the server. Default 10 minutes. */
  readonly maxAgeMs?: number | undefined;
  /** How long the server may take. Default 10 s. */
  readonly timeLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an exclusion document from a file or a server. A server that cannot be asked is no reason not to test: then the
 * document of the last time is used, or nothing is excluded, and the report says so.
 * @param source path of a file, or an http(s) URL
 * @throws {AltsError} `invalid_request` for a file that cannot be read, and for a document that is none
 */
export async function loadExclusions(source: string, options: LoadExclusionsOptions): Promise<Exclusions> {
  if (!/^https?:/i.test(source)) return exclusionsOf(parseExclusions(await readDocument(source), source), source);
  return loadFromServer(source, options);
}

async function readDocument(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const found = await file.stat();
    if (!found.isFile()) throw new Error('is not a file');
    if (found.size > MAX_DOCUMENT_BYTES) throw new Error(`is longer than ${MAX_DOCUMENT_BYTES} bytes`);
    return await file.readFile('utf8');
  } catch (cause) {
    throw new AltsError('invalid_request', `exclusions ${path}: cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function loadFromServer(url: string, options: LoadExclusionsOptions): Promise<Exclusions> {
  const { cacheDirectory, maxAgeMs = 600_000, timeLimitMs = TIME_LIMIT_MS, signal } = options;
  const source = shownUrl(url);
  const cache = new DocumentCache(cacheDirectory);
  const kept = usable(await cache.get(url), source);
  const age = Date.now() - (kept?.checkedAt ?? 0);
  if (kept && age >= 0 && age < maxAgeMs) return exclusionsOf(kept.document, source);
  const limit = AbortSignal.timeout(timeLimitMs);
  let fetched: { readonly text: string; readonly etag?: string | undefined } | undefined;
  try {
    const answer = await fetchDocument(url, {
      etag: kept?.etag,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    fetched = answer.status === 'fetched' ? answer : kept;
  } catch (error) {
    signal?.throwIfAborted();
    return withoutServer(limit.aborted ? `no answer within ${timeLimitMs} ms` : messageOf(error), kept, source);
  }
  if (!fetched) return withoutServer('the server says that a document is unchanged that we have not', kept, source);
  const document = parseExclusions(fetched.text, source);
  await cache.put({ url, text: fetched.text, etag: fetched.etag, checkedAt: Date.now() });
  return exclusionsOf(document, source);
}

type Usable = KeptDocument & { readonly document: ExclusionDocument };

/** What is in the cache may have been spoilt by anybody who can write there. */
function usable(kept: KeptDocument | undefined, source: string): Usable | undefined {
  if (!kept) return undefined;
  try {
    return { ...kept, document: parseExclusions(kept.text, source) };
  } catch {
    return undefined;
  }
}

function exclusionsOf(document: ExclusionDocument, source: string): Exclusions {
  return { source, for: (subject) => exclusionsFor(document, subject, source) };
}

function withoutServer(problem: string, kept: Usable | undefined, source: string): Exclusions {
  if (!kept) return { source, unavailable: problem, for: () => ({ exclusions: [], unknown: [] }) };
  const since = new Date(kept.checkedAt).toISOString();
  return { ...exclusionsOf(kept.document, source), outdated: `${problem}; its state of ${since} is used` };
}

/** fetch() hides what went wrong in the cause. */
function messageOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
