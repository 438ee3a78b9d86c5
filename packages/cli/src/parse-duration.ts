import { AltsError } from '@alts/sdk/plugin';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What setTimeout(3) of Node can wait: 24.8 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * `500ms`, `30s`, `1.5m`, `2h` in milliseconds.
 * @param option for the message
 * @throws {AltsError} `invalid_request`
 */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d{1,10}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
  const ms = match ? Math.round(Number(match[1]) * (MILLISECONDS[match[2] ?? ''] ?? Number.NaN)) : Number.NaN;
  if (ms >= 1 && ms <= LONGEST) return ms;
  throw new AltsError(
    'invalid_request',
    `${option}: ${JSON.stringify(text)} is not a duration; write 500ms, 30s, 10m or 2h, at most 24 days`,
  );
}
