import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Exclusions } from '../contracts/exclusions.ts';
import type { LoadExclusionsOptions } from '../exclusions/load-exclusions.ts';

/** Shared by all tests of a user: `$XDG_CACHE_HOME/alts/exclusions`, XDG Base Directory Specification. */
function defaultCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'alts', 'exclusions');
}

/**
 * Reads an exclusion document, once for many tests: for the option `exclusions` of `runTest`. A server that does not answer
 * is no reason not to test: then an earlier copy is used, or nothing is excluded, and the reports say so.
 * @param source path of a file, or an http(s) URL
 * @throws {AltsError} `invalid_request` for a file that cannot be read, and for a document that is none
 */
export async function loadExclusions(
  source: string,
  options: Partial<LoadExclusionsOptions> = {},
): Promise<Exclusions> {
  const { loadExclusions: load } = await import('../exclusions/load-exclusions.ts');
  return load(source, { ...options, cacheDirectory: options.cacheDirectory ?? defaultCache() });
}
