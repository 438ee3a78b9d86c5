import type { Checker, Rule } from '../contracts/checker.ts';
import type { ChangedConfiguration } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';

const RULES = [
  {
    id: 'change-lost',
    severity: 'error',
    summary:
      'a configuration file that a person had changed has other content after the upgrade, and the change is nowhere',
    why: 'An upgrade that nobody looks at undoes what the administrator had set: ports, passwords, access.',
    fix: 'Do not write to conffiles in maintainer scripts; list the file in conffiles, in an rpm as %config(noreplace); generate what has to be computed into another file, or use ucf.',
    source: 'Debian Policy 10.7.3: "local changes must be preserved during a package upgrade"; rpm-spec(5), %config',
  },
  {
    id: 'file-lost',
    severity: 'error',
    summary: 'a configuration file that a person had changed is gone after the upgrade, and the change is nowhere',
    why: 'What the administrator had set cannot even be looked up any more.',
    fix: 'Take a conffile away with dpkg-maintscript-helper rm_conffile or mv_conffile, which keep what was changed; in an rpm leave it to %config, which keeps it as .rpmsave.',
    source: 'Debian Policy 10.7.3; dpkg-maintscript-helper(1), rm_conffile; rpm-spec(5), %config',
  },
  {
    id: 'change-aside',
    severity: 'info',
    summary:
      'the configuration file is a new one after the upgrade, and the one that a person had changed lies beside it',
    why: 'The change is kept and has no effect any more, until somebody merges the two.',
    fix: 'Mark the file as %config(noreplace), unless the old one cannot work with the new version.',
    source:
      'rpm-spec(5), %config: the changed file is kept as .rpmsave; Fedora Packaging Guidelines, configuration files',
  },
] as const satisfies readonly Rule[];

/** Has an upgrade kept what a person had changed in configuration files? Where it was put does not matter to a file that is gone. */
export const configuration: Checker<'package.configuration'> = {
  contract: 'checker/1',
  id: 'configuration',
  rules: RULES,
  needs: ['package.configuration'],
  phases: ['upgraded'],
  *check({ 'package.configuration': files }) {
    for (const file of files) yield* judge(file);
  },
};

function* judge({ path, keptAs, present }: ChangedConfiguration): Generator<Finding> {
  if (keptAs === undefined) {
    if (present) yield finding('change-lost', 'error', path, 'a change to it did not survive the upgrade');
    else yield finding('file-lost', 'error', path, 'it had been changed, and the upgrade removed it');
  } else if (present && keptAs.startsWith(`${path}.`)) {
    yield finding('change-aside', 'info', path, `a change to it has no effect after the upgrade: it is in ${keptAs}`);
  }
}

function finding(
  rule: (typeof RULES)[number]['id'],
  severity: Finding['severity'],
  subject: string,
  message: string,
): Finding {
  return { checker: 'configuration', rule, severity, subject, message };
}
