import type { SuiteTarget } from '../../contracts/suite-plan.ts';

/** What Debian calls the architectures that rpm has other names for. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: 'i386',
  ppc64le: 'ppc64el',
  armv7hl: 'armhf',
};
const RELATIONS: Readonly<Record<string, string>> = { '<<': '<', '>>': '>' };

/** The architecture as Debian calls it, whatever system it is. */
export function debArchitecture({ architecture, family }: SuiteTarget): string {
  return family === 'rpm' ? (ARCHITECTURES[architecture] ?? architecture) : architecture;
}

/** A dependency of Debian as dnf reads it: of alternatives the first, and a name as it is. */
export function rpmDependency(dependency: string): string {
  const [first = ''] = dependency.split(' | ');
  return first
    .replace(/^([^\s:]+):\S+/, '$1')
    .replace(/\(\s*([<>=]+)\s*(\S+?)\s*\)$/, (_, relation: string, version: string) => {
      return `${RELATIONS[relation] ?? relation} ${version}`;
    });
}
