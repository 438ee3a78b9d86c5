import type { AvailableVersion, PackageManager } from '../contracts/package-manager.ts';

type Place = AvailableVersion['places'][number];

/** A system on which one package comes and goes, and what was done to it. */
export function system(versions: readonly (readonly [string, Place])[] = [['2', 'request']], base?: string) {
  let there: string | undefined = base;
  const done: string[] = [];
  const manager: Partial<PackageManager> = {
    describeSystem: async () => ({
      name: 'Debian',
      kernel: '6',
      architecture: 'amd64',
      packages: new Map(base === undefined ? [] : [['hello', base]]),
    }),
    versions: async (_, __, also) =>
      [...new Set([...versions.map(([version]) => version), ...also])]
        .sort((a, b) => Number(b) - Number(a))
        .map((version, index) => ({
          version,
          places: versions.filter(([each]) => each === version).map(([, place]) => place),
          candidate: index === 0,
        })),
    install: async (_, { version = versions[0]?.[0] ?? '' }, { reinstall, downgrade }) => {
      there = version;
      done.push(`${reinstall ? 'reinstall' : downgrade ? 'downgrade' : 'install'} ${version}`);
      return undefined;
    },
    identify: async (_, name) => ({ name, version: there ?? null, architecture: 'all', origin: null, sha256: null }),
    remove: async () => {
      done.push(`remove ${there}`);
      there = undefined;
      return undefined;
    },
    purge: async () => {
      done.push('purge');
      return undefined;
    },
  };
  return { manager, done };
}
