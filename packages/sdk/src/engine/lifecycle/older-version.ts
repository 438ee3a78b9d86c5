import type { AvailableVersion } from '../../contracts/package-manager.ts';
import type { Failure } from '../../contracts/report.ts';
import { isVersion } from './presence.ts';

/** Where there is nothing to be asked for. */
export interface NoOlderVersion {
  readonly skip: string;
}

/**
 * The version that an upgrade goes from, or a downgrade to.
 * @param all the newest first, the one under test among them
 * @param asked left out: the newest older one that the distribution has; where it has none, that the request's repositories have
 */
export function olderVersion(
  all: readonly AvailableVersion[],
  tested: { readonly name: string; readonly version: string },
  asked: string | undefined,
): string | Failure | NoOlderVersion {
  const { name, version } = tested;
  const at = all.findIndex((one) => isVersion(one.version, version));
  const older = all.slice(at + 1).filter((one) => one.places.length > 0 && !isVersion(one.version, version));
  if (asked === undefined) {
    const chosen = older.find(({ places }) => places.includes('distribution')) ?? older[0];
    return chosen?.version ?? { skip: `no repository has a version of ${name} that is older than ${version}` };
  }
  const found = all.find((one) => one.places.length > 0 && isVersion(one.version, asked));
  if (!found) return { reason: 'version_not_found', message: notFound(all, name, asked) };
  if (older.includes(found)) return found.version;
  return { reason: 'conflict', message: `${name} ${asked} is not older than ${version}, which is tested` };
}

/** Versions that a message lists. */
const SHOWN = 5;

function notFound(all: readonly AvailableVersion[], name: string, asked: string): string {
  const known = all.filter(({ places }) => places.length > 0).map(({ version }) => version);
  const there = known.length > 0 ? `; there is ${known.slice(0, SHOWN).join(', ')}` : '';
  return `no repository has ${name} ${asked}${there}`;
}
