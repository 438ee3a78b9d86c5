import { leftFiles } from './leftover-files.ts';
import { OriginOf, type Remains } from './leftover-origin.ts';
import { isBelow } from './path-lookup.ts';

/** A place that no package owns, and how much lies below it. */
export interface UnownedPlace {
  readonly path: string;
  readonly inside: readonly string[];
  readonly count: number;
}

/**
 * What the install made below /usr and no package owns, each directory once. /usr/local is for whoever administers the
 * system, and scripts may make empty directories there: Debian Policy 9.1.2. What another package that came with it may
 * have made is left out.
 */
export function unownedFiles(remains: Remains, name: string): UnownedPlace[] {
  const { left } = leftFiles(remains, 'installed', new OriginOf(remains, name));
  return left.filter(({ path }) => isBelow(path, ['/usr']) && !isBelow(path, ['/usr/local']));
}
