import { posix } from 'node:path';
import type { Checker, Rule } from '../contracts/checker.ts';
import type { OwnedFile } from '../contracts/facts.ts';
import type { Finding, Severity } from '../contracts/report.ts';

const RULES = [
  {
    id: 'missing-file',
    severity: 'error',
    summary: 'a file that the package owns is not there',
    why: 'Programs that need the file do not work, and the package manager reports the package as damaged.',
    fix: 'Keep maintainer scripts from removing files that the package ships; list files that come and go as ghost, or create them in a script.',
    source: 'Debian Policy 6.6 (unpacking) and 10.7.3; rpm(8), verify: "missing"',
  },
  {
    id: 'broken-link',
    severity: 'error',
    summary: 'a symbolic link of the package leads nowhere; a warning in documentation and between configuration files',
    why: 'Whoever follows the link gets "No such file or directory".',
    fix: 'Ship the target, depend on the package that has it, or drop the link.',
    source: 'Debian Policy 10.5; FHS 3.0',
  },
  {
    id: 'link-loop',
    severity: 'error',
    summary: 'a symbolic link of the package leads to itself',
    why: 'Whoever follows the link gets "Too many levels of symbolic links".',
    fix: "Let the link lead to the file that was meant; a relative target starts at the link's own directory.",
    source: 'Debian Policy 10.5; path_resolution(7), ELOOP',
  },
] as const satisfies readonly Rule[];

/** Emptied at boot or at any time: FHS 3.0, 3.15, 3.18, 5.15. */
const VOLATILE = ['/run', '/var/run', '/tmp', '/var/tmp', '/var/lock'];
/** What a link may lead to that is there only on a running machine. */
const KERNEL_AND_RUNTIME = ['/proc', '/sys', '/dev', '/run', '/var/run', '/var/lock'];
const DOCUMENTATION = ['/usr/share/doc', '/usr/share/man'];

/** Is all there that the package owns, and do its links lead somewhere? */
export const files: Checker<'package.files'> = {
  contract: 'checker/1',
  id: 'files',
  rules: RULES,
  needs: ['package.files'],
  *check({ 'package.files': owned }) {
    for (const file of owned) {
      const finding = judge(file);
      if (finding) yield finding;
    }
  },
};

function judge({ path, type, target = '', resolves, recorded }: OwnedFile): Finding | undefined {
  if (type === 'missing') {
    return recorded?.optional || isBelow(path, VOLATILE)
      ? undefined
      : found('missing-file', 'error', path, 'is not there');
  }
  if (resolves === 'loop') return found('link-loop', 'error', path, `is a link that leads to itself, by ${target}`);
  if (resolves !== 'no') return undefined;
  const goal = posix.resolve(posix.dirname(path), target);
  if (isBelow(goal, KERNEL_AND_RUNTIME)) return undefined;
  // Between configuration files: systemd's 99-sysctl.conf leads to the administrator's, or another package's, sysctl.conf.
  const configuration = isBelow(path, ['/etc']) && isBelow(goal, ['/etc']);
  const severity = configuration || isBelow(path, DOCUMENTATION) ? 'warning' : 'error';
  return found('broken-link', severity, path, `is a link to ${target}, which is not there`);
}

function found(rule: (typeof RULES)[number]['id'], severity: Severity, subject: string, message: string): Finding {
  return { checker: 'files', rule, severity, subject, message };
}

function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`));
}
