import { parseBaseline } from '@alts/sdk';
import { AltsError, formatSystem, type TestReport, type TestRequest } from '@alts/sdk/plugin';
import { readJson } from './read-json.ts';

const MAX_BYTES = 256 * 1024 * 1024;

const isPath = (text: string): boolean => text.includes('/') || text.endsWith('.json');

/** The field of a request that `--baseline` is when it is a version: whatever has no `/` in it and no `.json` at its end. */
export function baselineVersion(text: string | undefined): { baseline?: { version: string } } {
  return text === undefined || isPath(text) ? {} : { baseline: { version: text } };
}

/** Of several reports, as `--format json` prints them for several systems, that of the request's system. */
function reportFor({ system }: TestRequest, input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  const found = input.find((report: Partial<TestReport> | null) => {
    const own = report?.request?.system;
    return own?.distribution === system.distribution && own.version === system.version;
  });
  if (found !== undefined) return found;
  throw new AltsError(
    'invalid_request',
    `baseline: has no report of ${formatSystem(system)} among its ${input.length}`,
  );
}

/**
 * The report that `--baseline` names, for each request; none when it is a version or left out.
 * @throws {AltsError} `invalid_request` for a file that is not there, is no report or cannot be compared with a request
 */
export async function readBaselines(
  text: string | undefined,
  requests: readonly TestRequest[],
): Promise<ReadonlyMap<TestRequest, TestReport>> {
  if (text === undefined || !isPath(text)) return new Map();
  const what = `--baseline ${text}`;
  const input = await readJson(text, what, MAX_BYTES);
  try {
    return new Map(requests.map((request) => [request, parseBaseline(reportFor(request, input), request)]));
  } catch (error) {
    if (!AltsError.is(error)) throw error;
    throw new AltsError(error.code, error.message.replace(/^baseline(?=:)/, what), { cause: error });
  }
}
