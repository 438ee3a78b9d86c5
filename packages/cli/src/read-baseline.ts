import { parseBaseline } from '@alts/sdk';
import { AltsError, type TestReport, type TestRequest } from '@alts/sdk/plugin';
import { readJson } from './read-json.ts';

const MAX_BYTES = 256 * 1024 * 1024;

const isPath = (text: string): boolean => text.includes('/') || text.endsWith('.json');

/** The field of a request that `--baseline` is when it is a version: whatever has no `/` in it and no `.json` at its end. */
export function baselineVersion(text: string | undefined): { baseline?: { version: string } } {
  return text === undefined || isPath(text) ? {} : { baseline: { version: text } };
}

/**
 * The report that `--baseline` names; undefined when it is a version or left out.
 * @throws {AltsError} `invalid_request` for a file that is not there, is no report or cannot be compared with all requests
 */
export async function readBaseline(
  text: string | undefined,
  requests: readonly TestRequest[],
): Promise<TestReport | undefined> {
  if (text === undefined || !isPath(text)) return undefined;
  const what = `--baseline ${text}`;
  const input = await readJson(text, what, MAX_BYTES);
  try {
    const [report] = requests.map((request) => parseBaseline(input, request));
    return report;
  } catch (error) {
    if (!AltsError.is(error)) throw error;
    throw new AltsError(error.code, error.message.replace(/^baseline(?=:)/, what), { cause: error });
  }
}
