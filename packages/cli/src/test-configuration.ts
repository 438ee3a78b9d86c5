import { assertKnownRules } from '@alts/sdk';
import { AltsError, type Checker, describeZodError, TestConfiguration } from '@alts/sdk/plugin';
import { readJson } from './read-json.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Severities and waivers from the file of `--config`; none without one.
 * @param checkers those whose rules may be named
 * @throws {AltsError} `invalid_request`; the message names the file, the field, its value and what would be right
 */
export async function readConfiguration(
  path: string | undefined,
  checkers: readonly Checker[],
): Promise<Pick<TestConfiguration, 'severities' | 'waivers'>> {
  if (path === undefined) return { severities: {}, waivers: [] };
  const what = `--config ${path}`;
  const input = await readJson(path, what, MAX_BYTES);
  const parsed = TestConfiguration.safeParse(input);
  if (!parsed.success) {
    throw new AltsError('invalid_request', `${what}: ${describeZodError(parsed.error, input)}`);
  }
  const { severities, waivers } = parsed.data;
  try {
    assertKnownRules({ severities, waivers }, checkers);
  } catch (error) {
    throw AltsError.is(error) ? new AltsError(error.code, `${what}: ${error.message}`, { cause: error }) : error;
  }
  return { severities, waivers };
}
