import { posix } from 'node:path';
import type { Checker, Rule } from '../contracts/checker.ts';
import type { OwnedFile } from '../contracts/facts.ts';
import type { Finding, Severity } from '../contracts/report.ts';
import type { Remains } from './leftover-origin.ts';
import { isBelow } from './path-lookup.ts';
import { unownedFiles } from './unowned-files.ts';

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
  {
    id: 'escaping-link',
    severity: 'error',
    summary: 'a relative symbolic link of the package climbs above the root directory',
    why: 'It works only where the system is at the root: in a chroot seen from outside, in an image or a backup it leads to files of another system.',
    fix: 'Take the superfluous "../" out of the target, as dh_link does.',
    source: 'Debian Policy 10.5; path_resolution(7)',
  },
  {
    id: 'type-changed',
    severity: 'error',
    summary:
      'what the package ships as a file is a link or a directory, or the other way round; a warning for configuration files',
    why: 'Upgrades and removal treat it as what it was: they follow or delete the wrong thing.',
    fix: 'Do not replace shipped files in maintainer scripts; use alternatives or diversions, or dpkg-maintscript-helper when the type has to change.',
    source: 'Debian Policy 6.6; dpkg-maintscript-helper(1); rpm(8), verify: "M"',
  },
  {
    id: 'unowned-file',
    severity: 'warning',
    summary: 'the install made a file or directory below /usr that no package owns',
    why: 'The package manager cannot say whose it is, does not verify it, and neither replaces nor removes it; /usr may be read-only, or shared by several systems.',
    fix: 'Ship it in the package; what is made at run time belongs to /var. In an rpm own each directory, with %dir, and list as %ghost what is made later.',
    source: 'FHS 3.0, 4.1 and 5.1; Debian Policy 6.6; Fedora Packaging Guidelines, file and directory ownership',
  },
] as const satisfies readonly Rule[];

/** Emptied at boot or at any time: FHS 3.0, 3.15, 3.18, 5.15. */
const VOLATILE = ['/run', '/var/run', '/tmp', '/var/tmp', '/var/lock'];
/** What a link may lead to that is there only on a running machine. */
const KERNEL_AND_RUNTIME = ['/proc', '/sys', '/dev', '/run', '/var/run', '/var/lock'];
const NAMES: Readonly<Record<OwnedFile['type'], string>> = {
  file: 'a file',
  directory: 'a directory',
  symlink: 'a symbolic link',
  other: 'a device, socket or pipe',
  missing: 'nothing',
};
const DOCUMENTATION = ['/usr/share/doc', '/usr/share/man'];

/** Is all there that the package owns, do its links lead somewhere, and does it own what it made? */
export const files: Checker<keyof Remains> = {
  contract: 'checker/1',
  id: 'files',
  rules: RULES,
  needs: ['package.installed', 'package.files', 'system.before', 'system.now'],
  *check(facts, { package: tested }) {
    for (const file of facts['package.files']) {
      const finding = judge(file);
      if (finding) yield finding;
    }
    for (const { path, inside, count } of unownedFiles(facts, tested.name)) {
      const more = count > 0 ? `, as ${count} paths below it` : '';
      const finding = found('unowned-file', 'warning', path, `was made by the install, and no package owns it${more}`);
      yield count > 0 ? { ...finding, evidence: inside.join('\n') } : finding;
    }
  },
};

function judge(file: OwnedFile): Finding | undefined {
  const { path, type, recorded } = file;
  if (type === 'missing') {
    if (recorded?.optional || isBelow(path, VOLATILE)) return undefined;
    return found('missing-file', 'error', path, 'is not there');
  }
  // A directory may be moved, with a link in its place, as /lib was; what was in it is still looked for.
  const isMoved = recorded?.type === 'directory' && type === 'symlink' && file.resolves === 'yes';
  if (recorded?.type !== undefined && recorded.type !== type && !isMoved) {
    const severity = recorded.config || recorded.optional ? 'warning' : 'error';
    return found('type-changed', severity, path, `is ${NAMES[type]}, the package has ${NAMES[recorded.type]}`);
  }
  return type === 'symlink' ? judgeLink(file) : undefined;
}

function judgeLink({ path, target = '', resolves }: OwnedFile): Finding | undefined {
  if (resolves === 'loop') return found('link-loop', 'error', path, `is a link that leads to itself, by ${target}`);
  if (resolves === 'no') return judgeBroken(path, target);
  if (!climbsAboveRoot(path, target)) return undefined;
  return found('escaping-link', 'error', path, `is a link to ${target}, which climbs above the root directory`);
}

function judgeBroken(path: string, target: string): Finding | undefined {
  const goal = posix.resolve(posix.dirname(path), target);
  if (isBelow(goal, KERNEL_AND_RUNTIME)) return undefined;
  // Between configuration files: systemd's 99-sysctl.conf leads to the administrator's, or another package's, sysctl.conf.
  const configuration = isBelow(path, ['/etc']) && isBelow(goal, ['/etc']);
  const severity = configuration || isBelow(path, DOCUMENTATION) ? 'warning' : 'error';
  return found('broken-link', severity, path, `is a link to ${target}, which is not there`);
}

function climbsAboveRoot(path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  return /^\.\.(\/|$)/.test(posix.join(`.${posix.dirname(path)}`, target));
}

function found(rule: (typeof RULES)[number]['id'], severity: Severity, subject: string, message: string): Finding {
  return { checker: 'files', rule, severity, subject, message };
}
