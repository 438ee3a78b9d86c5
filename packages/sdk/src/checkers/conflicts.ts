import type { Checker, Rule } from '../contracts/checker.ts';

const RULES = [
  {
    id: 'overwrites',
    severity: 'error',
    summary:
      'another package owns a file of the package, too; an info when the package says that it replaces the other one',
    why: 'Whichever comes last wins, and removing one of them takes the file away from the other.',
    fix: 'Rename the file, use alternatives or a diversion, or declare Conflicts, or Breaks and Replaces when the file moved here.',
    source: 'Debian Policy 7.6 and 10.1; Fedora Packaging Guidelines, Conflicts',
  },
  {
    id: 'diverts',
    severity: 'info',
    summary: 'the package moves a file of others out of its way',
    why: 'Who looks for the file of the other package finds that of this one.',
    fix: 'Use alternatives where both are meant to be there; see that postrm takes the diversion away.',
    source: 'Debian Policy 3.9 and appendix G; dpkg-divert(1)',
  },
] as const satisfies readonly Rule[];

/** Does it overwrite or divert files of other packages? */
export const conflicts: Checker<'package.shared-paths'> = {
  contract: 'checker/1',
  id: 'conflicts',
  rules: RULES,
  needs: ['package.shared-paths'],
  *check({ 'package.shared-paths': { shared, diversions, replaces } }) {
    for (const { path, owners } of shared) {
      const isDeclared = owners.every((owner) => replaces.includes(owner));
      const who = owners.join(', ');
      yield {
        checker: 'conflicts',
        rule: 'overwrites',
        severity: isDeclared ? 'info' : 'error',
        subject: path,
        message: isDeclared ? `was a file of ${who}, which the package replaces` : `is also a file of ${who}`,
      };
    }
    for (const { path, to } of diversions) {
      yield { checker: 'conflicts', rule: 'diverts', severity: 'info', subject: path, message: `is diverted to ${to}` };
    }
  },
};
