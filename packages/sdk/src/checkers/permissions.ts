import { posix } from 'node:path';
import type { Checker, Rule } from '../contracts/checker.ts';
import type { OwnedFile } from '../contracts/facts.ts';
import type { Finding } from '../contracts/report.ts';

const RULES = [
  {
    id: 'setuid',
    severity: 'warning',
    summary: "a file runs with its owner's rights, whoever starts it",
    why: 'A fault in the program gives its rights to everybody who may start it.',
    fix: 'Use a service or file capabilities instead; where it has to be, waive the finding with the reason.',
    source: 'Debian Policy 10.9; FHS 3.0; chmod(1)',
  },
  {
    id: 'setgid',
    severity: 'warning',
    summary: "a file runs with its group's rights, whoever starts it",
    why: "A fault in the program gives its group's rights to everybody who may start it.",
    fix: 'Use a service instead; where it has to be, waive the finding with the reason.',
    source: 'Debian Policy 10.9; chmod(1)',
  },
  {
    id: 'capabilities',
    severity: 'info',
    summary: 'a program has file capabilities',
    why: 'It has rights that the user who starts it does not have.',
    fix: 'See that it needs each of them.',
    source: 'capabilities(7)',
  },
  {
    id: 'world-writable-file',
    severity: 'error',
    summary: 'everybody may change a file of the package',
    why: 'Any user can alter what others read or run.',
    fix: 'Install it with mode 0644, or 0755 for a program.',
    source: 'Debian Policy 10.9',
  },
  {
    id: 'world-writable-directory',
    severity: 'error',
    summary: 'everybody may delete or replace what others keep in a directory of the package',
    why: 'Without the sticky bit any user can put a file of their own in the place of that of another.',
    fix: 'Install it with mode 0755, or 1777 where everybody has to write to it.',
    source: 'Debian Policy 10.9; inode(7), sticky bit',
  },
  {
    id: 'not-executable',
    severity: 'error',
    summary: 'a file in a directory for programs cannot be executed',
    why: 'Whoever calls the program gets "Permission denied", or another one of that name.',
    fix: 'Install it with mode 0755; data belongs to /usr/share or /usr/lib.',
    source: 'Debian Policy 10.9; FHS 3.0, 4.4 and 4.10',
  },
  {
    id: 'unknown-owner',
    severity: 'error',
    summary: 'a file belongs to a user or group that the system does not know',
    why: 'The number may later be given to somebody, who then has the file.',
    fix: 'Build packages with root as owner (fakeroot, Rules-Requires-Root); create the user before its files are there.',
    source: 'Debian Policy 10.9 and 9.2.1',
  },
  {
    id: 'usr-file-not-root',
    severity: 'warning',
    summary: 'a file below /usr does not belong to root',
    why: 'Whoever runs as its owner, such as a service that was broken into, can change programs and libraries.',
    fix: 'Let root own it; what a service has to write belongs to /var.',
    source: 'Debian Policy 10.9; FHS 3.0, 4.1: /usr is read-only',
  },
] as const satisfies readonly Rule[];

type RuleId = (typeof RULES)[number]['id'];

/** Directories on the search path; what is further down in them is not called by name. */
const PROGRAMS = new Set(['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/games', '/usr/local/bin', '/usr/local/sbin']);
const [SETUID, SETGID, STICKY, OTHERS_WRITE, EXECUTE] = [0o4000, 0o2000, 0o1000, 0o002, 0o111];

/** Who may change and run the package's files? */
export const permissions: Checker<'package.files'> = {
  contract: 'checker/1',
  id: 'permissions',
  rules: RULES,
  needs: ['package.files'],
  *check({ 'package.files': owned }) {
    for (const file of owned) {
      for (const [rule, message] of judge(file)) {
        const { severity } = RULES.find(({ id }) => id === rule) ?? RULES[0];
        yield { checker: 'permissions', rule, severity, subject: file.path, message } satisfies Finding;
      }
    }
  },
};

function* judge(file: OwnedFile): Generator<[rule: RuleId, message: string]> {
  if (file.type === 'missing') return;
  yield* judgeOwner(file);
  const { mode } = file;
  if (mode === undefined) return;
  if (file.type === 'file') yield* judgeFile(file, mode);
  if (file.type === 'directory' && mode & OTHERS_WRITE && !(mode & STICKY))
    yield ['world-writable-directory', `can be written by everybody and has no sticky bit: mode ${mode.toString(8)}`];
}

function* judgeFile({ path, user, group, capabilities }: OwnedFile, mode: number): Generator<[RuleId, string]> {
  const octal = mode.toString(8).padStart(4, '0');
  if (mode & SETUID) yield ['setuid', `runs as ${user ?? 'its owner'}, whoever starts it: mode ${octal}`];
  if (mode & SETGID) yield ['setgid', `runs with group ${group ?? 'of its own'}, whoever starts it: mode ${octal}`];
  if (capabilities) yield ['capabilities', `has ${capabilities}`];
  if (mode & OTHERS_WRITE) yield ['world-writable-file', `can be written by everybody: mode ${octal}`];
  if (!(mode & EXECUTE) && PROGRAMS.has(posix.dirname(path)))
    yield ['not-executable', `is in a directory for programs and cannot be executed: mode ${octal}`];
}

function* judgeOwner({ path, user, group, mode = 0, type }: OwnedFile): Generator<[RuleId, string]> {
  if (isNumber(user)) yield ['unknown-owner', `belongs to user ${user}, whom the system does not know`];
  if (isNumber(group)) yield ['unknown-owner', `belongs to group ${group}, which the system does not know`];
  // A program that runs as its owner has to belong to them.
  if (user === undefined || user === 'root' || isNumber(user) || (type === 'file' && mode & SETUID)) return;
  if (path.startsWith('/usr/') && !path.startsWith('/usr/local/'))
    yield ['usr-file-not-root', `belongs to ${user}, not to root`];
}

/** find(1) and stat(1) print the number of an owner who has no name. */
function isNumber(owner: string | undefined): boolean {
  return owner !== undefined && /^\d+$/.test(owner);
}
