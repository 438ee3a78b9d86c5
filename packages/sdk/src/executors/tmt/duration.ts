const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
const PART = /\s*(?:\*\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)([smhd]?))/y;
/** What a timer can wait: 24 days. */
const MAX_MS = 2_147_483_647;

/**
 * Milliseconds of `1h 30m`, `90`, `2m *1.5`: parts are added, then multiplied, then rounded up to a second.
 * Source: tmt specification, /spec/tests/duration.
 * @returns undefined: it is no duration, or none at all
 */
export function parseDuration(value: unknown): number | undefined {
  const text = typeof value === 'number' ? `${value}` : value;
  if (typeof text !== 'string' || text.length > 200) return undefined;
  let [seconds, factor, at] = [0, 1, 0];
  while (at < text.trimEnd().length) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (!match) return undefined;
    const [, times, count, unit = ''] = match;
    if (times !== undefined) factor *= Number(times);
    else seconds += Number(count) * (SECONDS[unit] ?? 0);
    at = PART.lastIndex;
  }
  const ms = Math.ceil(seconds * factor) * 1000;
  return ms > 0 ? Math.min(ms, MAX_MS) : undefined;
}
