import type { Checker, Rule } from '../contracts/checker.ts';
import type { CheckContext } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';
import type { LaterSnapshot, SystemSnapshot } from '../contracts/snapshot.ts';

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
    summary:
      'a package that was there before was removed by the install; an info when the request allows it (allow.erasing), or when the package says that it replaces the other one',
    why: 'Whoever installs the package loses the other one, and what it did.',
    fix: 'Take back the Conflicts or Breaks that drive it out, or limit them to the versions that are really concerned.',
    source:
      'Debian Policy 7.4 and 7.6.2; apt-get(8), --no-remove; dnf(8), --allowerasing; Fedora Packaging Guidelines, renaming packages',
  },
] as const satisfies readonly Rule[];

type Needs = 'package.installed' | 'package.shared-paths' | 'system.dependencies' | 'system.before' | 'system.now';

/** Is the rest of the system as whole as it was before the install? */
export const dependencies: Checker<Needs> = {
  contract: 'checker/1',
  id: 'dependencies',
  rules: RULES,
  needs: ['package.installed', 'package.shared-paths', 'system.dependencies', 'system.before', 'system.now'],
  *check(facts, { package: tested, allow }) {
    const { 'system.before': before, 'system.now': now } = facts;
    for (const { name, problem } of facts['system.dependencies']) {
      // That the package itself is not completely installed, `installed` says.
      if (name === tested.name && !facts['package.installed'].installed) continue;
      if (name !== '' && wasSo(name, before, now)) continue;
      yield found('broken-dependency', 'error', name || tested.name, problem);
    }
    // A package that is not completely installed was told of above.
    const there = new Set([tested.name, ...facts['system.dependencies'].map(({ name }) => name)]);
    const replaced = new Set(facts['package.shared-paths'].replaces);
    for (const subject of before.packages.keys()) {
      if (now.packages.has(subject) || there.has(subject)) continue;
      yield removed(subject, tested.name, replaced.has(subject), allow);
    }
  },
};

/** An image may come with what is not met; the install breaks nothing that was there and only adds to it. */
function wasSo(name: string, { packages: before }: SystemSnapshot, { packages: now }: LaterSnapshot): boolean {
  return before.get(name) === now.get(name) && [...before].every(([other, version]) => now.get(other) === version);
}

function removed(subject: string, by: string, isReplaced: boolean, allow: CheckContext['allow']): Finding {
  if (isReplaced) return found('removed-package', 'info', subject, `was installed, and is replaced by ${by}`);
  const isAllowed = allow?.erasing === true;
  const message = `was installed, and is removed since ${by} is${isAllowed ? ', as the request allows' : ''}`;
  return found('removed-package', isAllowed ? 'info' : 'error', subject, message);
}

function found(rule: (typeof RULES)[number]['id'], severity: Finding['severity'], subject: string, message: string) {
  return { checker: 'dependencies', rule, severity, subject, message } satisfies Finding;
}
