import type { Checker, Rule } from '../contracts/checker.ts';
import type { CheckContext, InstalledPackage } from '../contracts/facts.ts';
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
  {
    id: 'scriptlet-failed',
    severity: 'error',
    summary: 'a script of a package failed, and the package manager went on',
    why: 'Of a failing %post, %postun or %posttrans rpm only warns: the package looks installed and is not set up.',
    fix: 'Find out which command of the script fails and make it succeed, or tolerate its failure on purpose with "|| :".',
    source: 'Fedora Packaging Guidelines, Scriptlets; rpm-scriptlets(7)',
  },
] as const satisfies readonly Rule[];

/** Is it really there, whole, and the one that was asked for? Did its scripts do their work, on the way out, too? */
export const installed: Checker<'package.installed' | 'package.scriptlets'> = {
  contract: 'checker/1',
  id: 'installed',
  rules: RULES,
  needs: ['package.installed', 'package.scriptlets'],
  phases: ['installed', 'removed'],
  *check({ 'package.installed': found, 'package.scriptlets': scriptlets }, context) {
    if (context.phase === 'installed') yield* judge(found, context.package);
    for (const { script, owner, how } of scriptlets) {
      const { name } = context.package;
      const message = `its ${script} script failed (${how})`;
      yield finding('scriptlet-failed', isOf(owner, name) ? name : owner, message, `${script} of ${owner}: ${how}`);
    }
  },
};

/**
 * Whole parts of the address count: `http://host/debian` has nothing to do with `http://host/debian-security`. Of an rpm
 * the repository's name comes before its address.
 */
function isFrom(origin: string, expected: string): boolean {
  const start = expected.replace(/\/+$/, '');
  const address = origin.replace(/^[^ :]+ (?=[a-z][a-z0-9+.-]*:\/\/)/, '');
  return address.startsWith(start) && /^(?:$|[/ ])/.test(address.slice(start.length));
}

function* judge(found: InstalledPackage, expected: CheckContext['package']): Generator<Finding> {
  const { name, expectedVersion, expectedArchitecture, origin, expectedOrigin } = expected;
  const { version, versionSynonyms = [], architecture, status } = found;
  if (version === null || /(not-installed|config-files)$/.test(status)) {
    yield finding('not-installed', name, `${name} is not installed`, status);
    return;
  }
  if (!found.installed) {
    yield finding('half-configured', name, `${name} is not completely installed: its state is "${status}"`, status);
  }
  if (expectedVersion !== undefined && ![version, ...versionSynonyms].includes(expectedVersion)) {
    yield finding('wrong-version', name, `version ${version} is installed, ${expectedVersion} was asked for`, status);
  }
  if (expectedArchitecture !== undefined && architecture !== expectedArchitecture) {
    const message = `architecture ${architecture ?? 'unknown'} is installed, the package is for ${expectedArchitecture}`;
    yield finding('wrong-architecture', name, message, status);
  }
  if (expectedOrigin !== undefined && !isFrom(origin ?? '', expectedOrigin)) {
    const message = `comes from ${origin ?? 'an unknown place'}, ${expectedOrigin} was asked for`;
    yield finding('wrong-origin', name, message, status);
  }
}

/** `nginx-1.20.1-1.el9.x86_64` is of the package `nginx`. */
function isOf(owner: string, name: string): boolean {
  return owner === name || (owner.startsWith(`${name}-`) && /^[^-]+-[^-]+$/.test(owner.slice(name.length + 1)));
}

function finding(rule: (typeof RULES)[number]['id'], subject: string, message: string, evidence: string): Finding {
  return { checker: 'installed', rule, severity: 'error', subject, message, evidence };
}
