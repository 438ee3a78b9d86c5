import { AltsError } from './errors.ts';
import type { Family, System } from './system.ts';

/** What is known of a distribution before any of its systems is started. */
interface Distribution {
  readonly family: Family;
  /** What a version of it looks like. Wide enough for releases that are still to come. */
  readonly versions: RegExp;
  /** Shown when a version does not fit. */
  readonly example: string;
  /** Why its packages cannot be tested, where that is so. */
  readonly unsupported?: string;
}

const ZYPPER = 'it has rpm packages and zypper, which ALTS does not speak yet; dnf and yum it does';

const debianNames = 'buster|bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable';
const ubuntuNames = 'focal|jammy|noble|questing|resolute|devel';
const el = (first: number, last: number): RegExp => {
  const majors = Array.from({ length: last - first + 1 }, (_, i) => String(first + i)).join('|');
  return new RegExp(`^(${majors})(\\.\\d{1,2})?$`);
};

/** Distributions that runners know how to find an image for without being told. */
export const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  debian: { family: 'deb', versions: new RegExp(`^(1[0-5]|${debianNames})$`), example: '11, 12, 13, sid' },
  ubuntu: { family: 'deb', versions: new RegExp(`^((1[89]|2\\d)\\.(04|10)|${ubuntuNames})$`), example: '22.04, 24.04' },
  raspbian: { family: 'deb', versions: new RegExp(`^(1[0-5]|${debianNames})$`), example: '11, 12' },
  almalinux: { family: 'rpm', versions: /^(([89]|1[0-2])(\.\d{1,2})?|1\d-kitten)$/, example: '8, 9, 10, 10-kitten' },
  rocky: { family: 'rpm', versions: el(8, 12), example: '8, 9, 10' },
  rhel: { family: 'rpm', versions: el(7, 12), example: '8, 9, 10' },
  centos: { family: 'rpm', versions: /^(7|8|stream(8|9|10|11))$/, example: '7, stream9, stream10' },
  oraclelinux: { family: 'rpm', versions: el(7, 12), example: '8, 9, 10' },
  cloudlinux: { family: 'rpm', versions: el(7, 12), example: '8, 9' },
  opensuse: { family: 'rpm', versions: /./, example: 'none', unsupported: ZYPPER },
  'opensuse-leap': { family: 'rpm', versions: /./, example: 'none', unsupported: ZYPPER },
  'opensuse-tumbleweed': { family: 'rpm', versions: /./, example: 'none', unsupported: ZYPPER },
  sles: { family: 'rpm', versions: /./, example: 'none', unsupported: ZYPPER },
  suse: { family: 'rpm', versions: /./, example: 'none', unsupported: ZYPPER },
  fedora: { family: 'rpm', versions: /^(3\d|4\d|5\d|rawhide)$/, example: '43, 44, rawhide' },
};

/** The family of a distribution that is in the table; undefined for any other. */
export function knownFamily(distribution: string): Family | undefined {
  return Object.hasOwn(DISTRIBUTIONS, distribution) ? DISTRIBUTIONS[distribution]?.family : undefined;
}

/** True when distribution and version are in the table, so that no runner has to be asked. */
export function isKnownSystem({ distribution, version }: System): boolean {
  return Object.hasOwn(DISTRIBUTIONS, distribution) && DISTRIBUTIONS[distribution]?.versions.test(version) === true;
}

/** Why packages of a distribution cannot be tested; undefined when they can, or nothing is known of it. */
export function whyUnsupported(distribution: string): string | undefined {
  return Object.hasOwn(DISTRIBUTIONS, distribution) ? DISTRIBUTIONS[distribution]?.unsupported : undefined;
}

/**
 * Checks that distribution and version are in the table, and can be tested.
 * @throws {AltsError} `invalid_request`, with what is known instead
 */
export function assertKnownSystem(system: System): void {
  const { distribution, version } = system;
  const known = Object.hasOwn(DISTRIBUTIONS, distribution) ? DISTRIBUTIONS[distribution] : undefined;
  if (!known) {
    const names = Object.keys(DISTRIBUTIONS).filter((name) => !DISTRIBUTIONS[name]?.unsupported);
    throw new AltsError(
      'invalid_request',
      `system: unknown distribution "${distribution}"; known are ${names.join(', ')}, and what the runner has an image of`,
    );
  }
  if (known.unsupported) {
    throw new AltsError('invalid_request', `system: ${distribution} cannot be tested: ${known.unsupported}`);
  }
  if (!known.versions.test(version)) {
    throw new AltsError(
      'invalid_request',
      `system: unknown version "${version}" of ${distribution}; try ${known.example}`,
    );
  }
}
