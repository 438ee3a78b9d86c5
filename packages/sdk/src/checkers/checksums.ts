import type { Checker, Rule } from '../contracts/checker.ts';
import type { OwnedFile, RecordedFile } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';
import { changedOthers } from './changed-others.ts';
import type { Remains } from './leftover-origin.ts';

const RULES = [
  {
    id: 'changed-content',
    severity: 'error',
    summary:
      'a file is not what the package shipped, right after it was installed; a warning for configuration files and documentation',
    why: 'The package manager reports the package as damaged, and the next upgrade overwrites the change; a changed configuration file makes every upgrade ask.',
    fix: 'Do not edit shipped files in maintainer scripts: generate a file of your own, which the package does not ship, or ship it as it is meant to be.',
    source: 'Debian Policy 10.7.3; deb-md5sums(5); dpkg(1), --verify; rpm(8), verify: "5" and "S"',
  },
  {
    id: 'changed-mode',
    severity: 'error',
    summary: 'permission bits of a file are not those on record; a warning for files that need not be there',
    why: 'Whoever may read, write or run the file is not who the package says.',
    fix: 'Give the file its mode when the package is built, or by dpkg-statoverride --update; on rpm by %attr.',
    source: 'Debian Policy 10.9.1; dpkg-statoverride(1); rpm(8), verify: "M"',
  },
  {
    id: 'changed-owner',
    severity: 'error',
    summary: 'the user that owns a file is not the one on record; a warning for files that need not be there',
    why: 'Another user than the package says may change the file.',
    fix: 'Create the user before the files are unpacked, or use dpkg-statoverride --update; on rpm %attr and a %pre or sysusers.',
    source: 'Debian Policy 10.9; dpkg-statoverride(1); rpm(8), verify: "U"',
  },
  {
    id: 'changed-group',
    severity: 'error',
    summary: 'the group of a file is not the one on record; a warning for files that need not be there',
    why: 'Another group than the package says has access to the file.',
    fix: 'Create the group before the files are unpacked, or use dpkg-statoverride --update; on rpm %attr and a %pre or sysusers.',
    source: 'Debian Policy 10.9; dpkg-statoverride(1); rpm(8), verify: "G"',
  },
  {
    id: 'changed-target',
    severity: 'error',
    summary: 'a symbolic link leads elsewhere than the package says; a warning for configuration files',
    why: 'Programs that follow the link find another file than the package meant.',
    fix: 'Do not change shipped links in maintainer scripts: use alternatives, or create the link in the script alone.',
    source: 'rpm(8), verify: "L"; update-alternatives(1)',
  },
  {
    id: 'changed-capabilities',
    severity: 'error',
    summary: 'file capabilities are not those on record',
    why: 'The program has rights that the package does not speak of, or lacks those that it needs.',
    fix: 'Say them in the package (%caps), and see that the file system of the target keeps them.',
    source: 'rpm(8), verify: "P"; capabilities(7)',
  },
  {
    id: 'not-compared',
    severity: 'warning',
    summary: 'contents of files could not be read within the limit, so nobody knows whether they are as shipped',
    why: 'A file that takes so long to read is hardly what the package shipped; silence would call it so.',
    fix: 'See whether a script makes the files larger than they were shipped; verify a package of many gigabytes by hand.',
    source: 'dpkg(1), --verify; rpm(8), verify: "?"',
  },
  {
    id: 'other-package-changed',
    severity: 'error',
    summary:
      'the install changed a file that belongs to another package; a warning in /etc and /var, when it was only written anew or given rights by dpkg-statoverride, and when other packages came along that may have done it',
    why: "The other package is reported as damaged, and its next upgrade takes the change away again; two packages that change a third one's file fight over it.",
    fix: "Use the programs that the other package has for the purpose, its directory for additions (conf.d), a diversion or an alternative; never edit another package's files.",
    source: 'Debian Policy 10.7.4 and 10.1; dpkg(1), --verify; rpm(8), verify',
  },
] as const satisfies readonly Rule[];

type RuleId = (typeof RULES)[number]['id'];
/** Names that are shown of many. */
const SHOWN = 10;

/** Is each file what the package manager has on record, and are those of others what they were? */
export const checksums: Checker<keyof Remains> = {
  contract: 'checker/1',
  id: 'checksums',
  rules: RULES,
  needs: ['package.installed', 'package.files', 'system.before', 'system.now'],
  *check(facts, { package: tested }) {
    for (const file of facts['package.files']) {
      if (file.type === 'missing' || !file.recorded) continue;
      // A file that became a link or a directory is a finding of `files`, and has nothing to compare.
      if (file.recorded.type !== undefined && file.recorded.type !== file.type) continue;
      yield* compare(file, file.recorded);
    }
    yield* notCompared(facts['package.files'], tested.name);
    for (const { path, owners, changes, isMild } of changedOthers(facts, tested.name)) {
      const message = `belongs to ${owners.join(', ')}, and the install changed it: it ${changes.join(', ')}`;
      const severity = isMild ? 'warning' : 'error';
      yield { checker: 'checksums', rule: 'other-package-changed', severity, subject: path, message };
    }
  },
};

/** What is not on record is not compared. */
function* compare(file: OwnedFile, recorded: RecordedFile): Generator<Finding> {
  const compared = (part: NonNullable<RecordedFile['unverified']>[number]) => !recorded.unverified?.includes(part);
  const changed = (rule: RuleId, isMild: boolean | undefined, message: string): Finding => {
    return { checker: 'checksums', rule, severity: isMild ? 'warning' : 'error', subject: file.path, message };
  };
  const isAdmins = recorded.config;
  const { optional, documentation } = recorded;
  // What need not be there, such as %ghost, is made by scripts and programs: its content is theirs.
  if (!optional) {
    const problem = contentProblem(file, recorded, compared('digest'), compared('size'));
    if (problem) yield changed('changed-content', isAdmins || documentation, problem);
    if (compared('target') && file.type === 'symlink' && differs(file.target, recorded.target))
      yield changed('changed-target', isAdmins, `leads to ${file.target}, ${recorded.target} is on record`);
  }
  if (compared('mode') && file.type !== 'symlink' && differs(file.mode, recorded.mode))
    yield changed('changed-mode', optional, `has mode ${octal(file.mode)}, ${octal(recorded.mode)} is on record`);
  if (compared('user') && differs(file.user, recorded.user))
    yield changed('changed-owner', optional, `belongs to user ${file.user}, ${recorded.user} is on record`);
  if (compared('group') && differs(file.group, recorded.group))
    yield changed('changed-group', optional, `belongs to group ${file.group}, ${recorded.group} is on record`);
  if (compared('capabilities') && differs(file.capabilities, recorded.capabilities)) {
    const [has, meant] = [file.capabilities, recorded.capabilities].map((caps) => caps || 'none');
    yield changed('changed-capabilities', optional, `has capabilities ${has}, ${meant} on record`);
  }
}

/** One for all: when time is up, it is so for each file that follows. */
function* notCompared(owned: readonly OwnedFile[], subject: string): Generator<Finding> {
  const unknown = owned.filter(({ type, digest, recorded = {} }) => {
    const { optional, unverified, digest: shipped } = recorded;
    return type === 'file' && shipped && digest === undefined && !optional && !unverified?.includes('digest');
  });
  if (unknown.length === 0) return;
  const many = unknown.length === 1 ? '1 file was' : `${unknown.length} files were`;
  const message = `${many} not read in time, and so not compared with what was shipped`;
  const evidence = unknown.slice(0, SHOWN).map(({ path, size }) => `${path} (${size} bytes)`);
  yield {
    checker: 'checksums',
    rule: 'not-compared',
    severity: 'warning',
    subject,
    message,
    evidence: evidence.join('\n'),
  };
}

/** A value that is not known, on either side, differs from nothing. */
function differs<T>(is: T | undefined, recorded: T | undefined): boolean {
  return is !== undefined && recorded !== undefined && is !== recorded;
}

function contentProblem(file: OwnedFile, recorded: RecordedFile, byDigest: boolean, bySize: boolean) {
  if (file.type !== 'file') return undefined;
  if (bySize && differs(file.size, recorded.size)) return `has ${file.size} bytes, the package's has ${recorded.size}`;
  const { algorithm, hex } = recorded.digest ?? {};
  if (!byDigest || !differs(file.digest, hex)) return undefined;
  return `has other content than the package's: ${algorithm} ${file.digest}, ${hex} is on record`;
}

/** As chmod(1) takes it, with a leading zero. */
function octal(mode: number | undefined): string {
  return (mode ?? 0).toString(8).padStart(4, '0');
}
