import { dirname, resolve } from 'node:path';
import { assertKnownRules, loadExclusions } from '@alts/sdk';
import { AltsError, type Checker, describeZodError, type Exclusions, TestConfiguration } from '@alts/sdk/plugin';
import { readJson } from './read-json.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** What a configuration is for a test. */
export interface ReadConfiguration {
  /** Fields of the request. */
  readonly fields: Partial<Pick<TestConfiguration, 'severities' | 'waivers' | 'skip'>>;
  /** For the options of the test. */
  readonly exclusions?: Exclusions;
}

/**
 * What the file of `--config` says; nothing without one.
 * @param checkers those whose rules may be named
 * @throws {AltsError} `invalid_request`; the message names the file, the field, its value and what would be right
 */
export async function readConfiguration(
  path: string | undefined,
  checkers: readonly Checker[],
): Promise<ReadConfiguration> {
  if (path === undefined) return { fields: {} };
  const what = `--config ${path}`;
  const input = await readJson(path, what, MAX_BYTES);
  const parsed = TestConfiguration.safeParse(input);
  if (!parsed.success) {
    throw new AltsError('invalid_request', `${what}: ${describeZodError(parsed.error, input)}`);
  }
  const { severities, waivers, skip, exclusions: source } = parsed.data;
  try {
    assertKnownRules({ severities, waivers }, checkers);
    const fields = { severities, waivers, skip };
    return source === undefined ? { fields } : { fields, exclusions: await loadExclusions(placeOf(source, path)) };
  } catch (error) {
    throw AltsError.is(error) ? new AltsError(error.code, `${what}: ${error.message}`, { cause: error }) : error;
  }
}

/** A path is meant from where the configuration is. */
function placeOf(source: string, configuration: string): string {
  return /^https?:/i.test(source) ? source : resolve(dirname(configuration), source);
}
