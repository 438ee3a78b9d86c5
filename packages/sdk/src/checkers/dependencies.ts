import type { Checker, Rule } from '../contracts/checker.ts';

const RULES = [
  {
    id: 'broken-dependency',
    severity: 'error',
    summary: 'after the install a package of the system lacks what it depends on, or is not completely installed',
    why: 'That package may not work, and the package manager refuses further installs until it is repaired.',
    fix: 'Install the package without forcing anything; declare Breaks with the versions of others that it does not work with.',
    source: 'Debian Policy 7.2 and 7.3; apt-get(8), check; dpkg(1), --audit',
  },
  {
    id: 'removed-package',
    severity: 'error',
    summary: 'a package that was there before was removed by the install',
    why: 'Whoever installs the package loses the other one, and what it did.',
    fix: 'Take back the Conflicts or Breaks that drive it out, or limit them to the versions that are really concerned.',
    source: 'Debian Policy 7.4; dnf(8), install without --allowerasing',
  },
] as const satisfies readonly Rule[];

type Needs = 'package.installed' | 'system.dependencies' | 'system.before' | 'system.now';

/** Is the rest of the system as whole as it was before the install? */
export const dependencies: Checker<Needs> = {
  contract: 'checker/1',
  id: 'dependencies',
  rules: RULES,
  needs: ['package.installed', 'system.dependencies', 'system.before', 'system.now'],
  *check(facts, { package: tested }) {
    for (const { name, problem } of facts['system.dependencies']) {
      // That the package itself is not completely installed, `installed` says.
      if (name === tested.name && !facts['package.installed'].installed) continue;
      const subject = name || tested.name;
      yield { checker: 'dependencies', rule: 'broken-dependency', severity: 'error', subject, message: problem };
    }
    // A package that is not completely installed was told of above.
    const there = new Set([tested.name, ...facts['system.dependencies'].map(({ name }) => name)]);
    for (const subject of facts['system.before'].packages.keys()) {
      if (facts['system.now'].packages.has(subject) || there.has(subject)) continue;
      const message = `was installed, and is removed since ${tested.name} is`;
      yield { checker: 'dependencies', rule: 'removed-package', severity: 'error', subject, message };
    }
  },
};
