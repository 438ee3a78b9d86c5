import type { Checker } from '../contracts/checker.ts';
import type { ServiceFile } from '../contracts/facts.ts';
import type { Finding, Severity } from '../contracts/report.ts';
import { newProcesses, OriginOf, type Remains } from './leftover-origin.ts';
import { SERVICE_RULES, type ServiceRule } from './service-rules.ts';
import { checkUnit, type UnitSurroundings } from './unit-checks.ts';
import { parseUnit, valuesOf } from './unit-file.ts';

/** What a package may have that starts its processes as services. */
const SERVICE =
  /^\/etc\/init\.d\/|\/systemd\/(system|user)\/[^/]+\.(service|socket|timer|path)$|\/dbus-1\/(system-)?services\//;

type Needs = keyof Remains | 'package.services';

/**
 * Can the services of the package start, and does nothing run that no service accounts for? Judged by what is on the disk:
 * whether a service that the install started is up would need an environment that runs an init (trait `init`), which
 * containers do not; a rule for that belongs here, with a collector that asks systemctl where the trait is.
 */
export const services: Checker<Needs> = {
  contract: 'checker/1',
  id: 'services',
  rules: SERVICE_RULES,
  needs: ['package.installed', 'package.files', 'package.services', 'system.before', 'system.now'],
  *check(facts) {
    const files = facts['package.services'];
    const around = surroundings(files, facts);
    for (const { path, kind, text } of files) {
      if (kind !== 'unit') continue;
      for (const { rule, message, mild = false } of checkUnit(text, around)) {
        yield found(rule, path, message, mild ? 'warning' : undefined);
      }
    }
    if (facts['package.files'].some(({ path }) => SERVICE.test(path))) return;
    const originOf = new OriginOf(facts, facts['package.installed'].name);
    for (const { pid, executable, command } of newProcesses(facts)) {
      if (originOf.process(executable) !== 'package') continue;
      yield found(
        'process-running',
        executable,
        `process ${pid} (${command || executable}) was left running by the install`,
      );
    }
  },
};

function found(rule: ServiceRule, subject: string, message: string, severity?: Severity): Finding {
  const stated = SERVICE_RULES.find(({ id }) => id === rule)?.severity ?? 'error';
  return { checker: 'services', rule, severity: severity ?? stated, subject, message };
}

function surroundings(
  files: readonly ServiceFile[],
  { 'system.now': system }: Pick<Remains, 'system.now'>,
): UnitSurroundings {
  const madeAtBoot = new Set<string>();
  const aliases = new Set<string>();
  for (const { kind, text } of files) {
    if (kind === 'users') for (const name of usersIn(text)) madeAtBoot.add(name);
    else
      for (const value of valuesOf(parseUnit(text), 'Alias')) for (const name of value.split(/\s+/)) aliases.add(name);
  }
  return { system, madeAtBoot, aliases };
}

/** sysusers.d(5): `u` makes a user and a group of that name, `g` a group, `m` what it names. */
function* usersIn(text: string): Generator<string> {
  for (const line of text.split('\n')) {
    const [, type, first = '', second = ''] = /^\s*([ugm])!?\s+(\S+)\s*(\S*)/.exec(line) ?? [];
    if (type !== undefined) yield first;
    if (type === 'm') yield second;
  }
}
