import type { TestedPackage } from '../../contracts/report.ts';

/** What of the package under test is in the environment. */
export type Presence =
  /** `never`: this test has not had it there yet. */
  | { readonly status: 'never' | 'removed' | 'purged' }
  /** `base`: it came with the system, and nothing has been done to it. */
  | { readonly status: 'installed'; readonly version: string | null; readonly base?: boolean };

/** Whether the version under test is there because this test put it there. */
export function isTested(presence: Presence, { version }: TestedPackage): boolean {
  return presence.status === 'installed' && !presence.base && presence.version === version;
}

/** An epoch may be left out: `1.0-1` asks for `2:1.0-1`, too. */
export function isVersion(found: string | null, asked: string): boolean {
  return found !== null && (found === asked || withoutEpoch(found) === asked || found === withoutEpoch(asked));
}

const withoutEpoch = (version: string): string => version.replace(/^\d+:/, '');
