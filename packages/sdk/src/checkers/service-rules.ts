import type { Rule } from '../contracts/checker.ts';

/** What the checker `services` says. */
export const SERVICE_RULES = [
  {
    id: 'missing-program',
    severity: 'error',
    summary:
      'a unit starts a program that is not there, or cannot be executed; a warning where the unit ignores its failure, and for reload and stop',
    why: 'The service fails to start, with status 203/EXEC.',
    fix: 'Correct the path, or depend on the package that has the program.',
    source: 'systemd.service(5), ExecStart=; systemd.exec(5), process exit codes',
  },
  {
    id: 'missing-user',
    severity: 'error',
    summary: 'a unit runs as a user that does not exist',
    why: 'The service fails to start, with status 217/USER.',
    fix: 'Create the user in postinst (adduser --system) or by a file in /usr/lib/sysusers.d, or set DynamicUser=yes.',
    source: 'systemd.exec(5), User=; sysusers.d(5); Debian Policy 9.2.2',
  },
  {
    id: 'missing-group',
    severity: 'error',
    summary: 'a unit runs with a group that does not exist',
    why: 'The service fails to start, with status 216/GROUP.',
    fix: 'Create the group in postinst (addgroup --system) or by a file in /usr/lib/sysusers.d, or set DynamicUser=yes.',
    source: 'systemd.exec(5), Group=, SupplementaryGroups=; sysusers.d(5)',
  },
  {
    id: 'missing-environment-file',
    severity: 'warning',
    summary: 'a unit reads an environment file that is not there, and does not say that it may be missing',
    why: 'The service does not start until somebody writes the file.',
    fix: 'Ship the file, or put "-" before its path.',
    source: 'systemd.exec(5), EnvironmentFile=',
  },
  {
    id: 'missing-unit',
    severity: 'warning',
    summary: 'a unit requires another one that is not there',
    why: 'The service does not start: "Unit … not found".',
    fix: 'Depend on the package that has the unit, or use Wants= where the other one is not really needed.',
    source: 'systemd.unit(5), Requires=, Requisite=, BindsTo=',
  },
  {
    id: 'process-running',
    severity: 'warning',
    summary: 'after the install a process runs that no service of the package accounts for',
    why: 'Nobody can stop or restart it as a service, and it is not there after the next boot.',
    fix: 'Ship a unit or an init script and start it by invoke-rc.d or deb-systemd-invoke; wait in postinst for what must end.',
    source: 'Debian Policy 9.3; Fedora Packaging Guidelines, systemd',
  },
] as const satisfies readonly Rule[];

export type ServiceRule = (typeof SERVICE_RULES)[number]['id'];
