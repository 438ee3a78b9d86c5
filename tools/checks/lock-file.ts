import type { Check } from './repository.ts';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const LOCK = 'package-lock.json';

/**
 * Packages for other platforms have to be in the lock file. npm leaves out those that the registry of the day does not
 * have, says nothing, and `npm ci` refuses the file ever after.
 */
export const lockFile: Check = function* ({ text }) {
  const { packages = {} } = JSON.parse(text(LOCK) ?? '{}') as { packages?: Readonly<Record<string, Locked>> };
  const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    const left = Object.keys(optionalDependencies).filter((name) => !names.has(name));
    if (left.length > 0) {
      yield { file: LOCK, message: `has no ${left.join(', ')}, which ${path} names: take a version that has them all` };
    }
  }
};
