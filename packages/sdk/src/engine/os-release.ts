import { knownFamily } from '../contracts/distributions.ts';
import type { Family } from '../contracts/system.ts';

/** Reads os-release(5): shell-like assignments, values bare or quoted. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (!match) continue;
    const [, key = '', raw = ''] = match;
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    values.set(key, (quoted?.[2] ?? raw).replace(/\\([\\"'$`])/g, '$1'));
  }
  return values;
}

/** The family of the first of `ID` and `ID_LIKE` that is known. */
export function familyOf(osRelease: ReadonlyMap<string, string>): Family | undefined {
  const names = [osRelease.get('ID') ?? '', ...(osRelease.get('ID_LIKE') ?? '').split(/\s+/)];
  return names.map(knownFamily).find((family) => family !== undefined);
}
