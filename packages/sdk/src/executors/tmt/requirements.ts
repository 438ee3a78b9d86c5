import { isRecord } from './fmf-tree.ts';

export interface Requirements {
  readonly packages: readonly string[];
  /** Why the test cannot be run. */
  readonly skip?: string | undefined;
}

/**
 * Packages of `require` or `recommend`. Files are all there: the whole suite is brought into the environment.
 * Source: tmt specification, /spec/tests/require.
 */
export function readRequirements(attribute: string, value: unknown): Requirements {
  const list: unknown[] = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  const packages: string[] = [];
  for (const one of list) {
    if (isRecord(one) && one['type'] === 'file') continue;
    if (isLibrary(one)) return { packages: [], skip: `${attribute}: libraries of beakerlib are not supported` };
    if (typeof one !== 'string' || !/^[A-Za-z0-9_/@(][^\n\0]{0,254}$/.test(one)) {
      return { packages: [], skip: `${attribute}: ${JSON.stringify(one).slice(0, 100)} is no package` };
    }
    packages.push(one.trim());
  }
  return { packages };
}

/** `library` is also what a reference without a type is. */
function isLibrary(one: unknown): boolean {
  if (isRecord(one)) return true;
  return typeof one === 'string' && (one.startsWith('library(') || /^beakerlib(-|$)/.test(one));
}
