import type { Checker, Rule } from '../contracts/checker.ts';
import type { Finding } from '../contracts/report.ts';

const RULES = [
  {
    id: 'not-installed',
    severity: 'error',
    summary: 'the package manager does not have the package as installed',
    why: 'What was asked for is not there, although the install command said that it succeeded.',
    fix: 'Look for a package of that name in the repositories: a transitional or virtual one may have been installed in its place.',
    source: 'dpkg(1), package states; rpm(8), query',
  },
  {
    id: 'half-configured',
    severity: 'error',
    summary: 'the package is there, but its installation did not come to its end',
    why: 'Its maintainer scripts did not finish, so it may not work, and the package manager tries again at every later call.',
    fix: 'Run the script that failed by hand and make it succeed; it must be idempotent, Debian Policy 6.2.',
    source: 'Debian Policy 6.8 and dpkg(1), package states',
  },
  {
    id: 'wrong-version',
    severity: 'error',
    summary: 'another version than the one that was asked for is installed',
    why: 'The test would speak of another build than the one that was asked for.',
    fix: 'Check which repository has the version, and that no other repository or pin goes before it.',
    source: 'the request; deb-version(7), rpm-version(7)',
  },
  {
    id: 'wrong-architecture',
    severity: 'error',
    summary: 'another architecture than that of the package file is installed',
    why: 'The file that was tested is for other machines than the package that is installed.',
    fix: "Build the package for the system's architecture, or test it on a system of its own.",
    source: 'Debian Policy 5.6.8; rpm(8)',
  },
  {
    id: 'wrong-origin',
    severity: 'error',
    summary: 'the package comes from another repository than the one that was asked for',
    why: 'The test would speak of another build, although its version may be the same.',
    fix: 'See which repositories have the version, and pin the one that is meant or raise the version.',
    source: 'the request; apt_preferences(5); dnf.conf(5), priority',
  },
] as const satisfies readonly Rule[];

/** Is it really there, whole, and the one that was asked for? */
export const installed: Checker<'package.installed'> = {
  contract: 'checker/1',
  id: 'installed',
  rules: RULES,
  needs: ['package.installed'],
  *check(
    { 'package.installed': found },
    { package: { name, expectedVersion, expectedArchitecture, origin, expectedOrigin } },
  ) {
    const finding = (rule: (typeof RULES)[number]['id'], message: string): Finding => {
      return { checker: 'installed', rule, severity: 'error', subject: name, message, evidence: found.status };
    };
    if (found.version === null || /(not-installed|config-files)$/.test(found.status)) {
      yield finding('not-installed', `${name} is not installed`);
      return;
    }
    if (!found.installed) {
      yield finding('half-configured', `${name} is not completely installed: its state is "${found.status}"`);
    }
    if (expectedVersion !== undefined && found.version !== expectedVersion) {
      yield finding('wrong-version', `version ${found.version} is installed, ${expectedVersion} was asked for`);
    }
    if (expectedArchitecture !== undefined && found.architecture !== expectedArchitecture) {
      yield finding(
        'wrong-architecture',
        `architecture ${found.architecture ?? 'unknown'} is installed, the package is for ${expectedArchitecture}`,
      );
    }
    if (expectedOrigin !== undefined && !isFrom(origin ?? '', expectedOrigin)) {
      yield finding('wrong-origin', `comes from ${origin ?? 'an unknown place'}, ${expectedOrigin} was asked for`);
    }
  },
};

/** Whole parts of the address count: `http://host/debian` has nothing to do with `http://host/debian-security`. */
function isFrom(origin: string, expected: string): boolean {
  const start = expected.replace(/\/+$/, '');
  return origin.startsWith(start) && /^(?:$|[/ ])/.test(origin.slice(start.length));
}
