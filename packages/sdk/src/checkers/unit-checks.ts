import { posix } from 'node:path';
import type { LaterSnapshot } from '../contracts/snapshot.ts';
import { isBelow, resolvePath } from './path-lookup.ts';
import type { ServiceRule } from './service-rules.ts';
import { isOn, parseUnit, programOf, type Setting, valuesOf } from './unit-file.ts';

/** What is wrong in a unit. */
export interface UnitFault {
  readonly rule: ServiceRule;
  readonly message: string;
  /** The unit does not mind. */
  readonly mild?: boolean;
}

/** What a unit may count on besides the system as it is. */
export interface UnitSurroundings {
  readonly system: LaterSnapshot;
  /** Users and groups that sysusers.d(5) files of the package make when the system starts. */
  readonly madeAtBoot: ReadonlySet<string>;
  /** Names that units of the package have by `Alias=`. */
  readonly aliases: ReadonlySet<string>;
}

/** Without these it does not start; without those for reload and stop it runs, and systemd ends it by itself. */
const START = ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost'];
const LATER = ['ExecReload', 'ExecStop', 'ExecStopPost'];
const MUST_EXIST = [
  'ConditionPathExists',
  'ConditionFileIsExecutable',
  'ConditionFileNotEmpty',
  'ConditionPathIsDirectory',
];
/** There only on a running machine. */
const RUNTIME = ['/run', '/var/run', '/proc', '/sys', '/dev', '/tmp'];
/** systemd.exec(5), $PATH of the system's manager. */
const SEARCH_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/system',
];
const MANAGER = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'];
/** What systemd itself brings: it is where units run, and need not be where packages are tested. */
const OF_MANAGER =
  /^(?:(?:\/usr)?\/s?bin\/)?(systemd-[a-z-]+|systemctl|journalctl|loginctl|udevadm|busctl)$|^(\/usr)?\/lib\/systemd\//;

/** Judges one unit by the system that it is on. */
export function* checkUnit(text: string, around: UnitSurroundings): Generator<UnitFault> {
  const settings = parseUnit(text);
  const conditions = settings.filter(({ name }) => /^(Condition|Assert)/.test(name));
  // A unit that does not start here cannot fail here, and one that perhaps starts fails perhaps.
  const answers = conditions.map((condition) => holds(condition, around.system));
  if (answers.includes('no')) return;
  const mild = answers.includes('unknown');
  for (const fault of faults(settings, around)) yield mild ? { ...fault, mild } : fault;
}

function* faults(settings: readonly Setting[], around: UnitSurroundings): Generator<UnitFault> {
  yield* programs(settings, around);
  yield* accounts(settings, around);
  yield* environmentFiles(settings, around);
  yield* requiredUnits(settings, around);
}

function holds({ name, value }: Setting, { files }: LaterSnapshot): 'yes' | 'no' | 'unknown' {
  if (!MUST_EXIST.includes(name) || !/^\/[^%]*$/.test(value) || isBelow(value, RUNTIME)) return 'unknown';
  return resolvePath(value, files) === undefined ? 'no' : 'yes';
}

const hasManager = ({ files }: LaterSnapshot): boolean =>
  MANAGER.some((path) => resolvePath(path, files) !== undefined);

function* programs(settings: readonly Setting[], { system }: UnitSurroundings): Generator<UnitFault> {
  const seen = new Set<string>();
  const starting = valuesOf(settings, ...START);
  for (const [index, line] of [...starting, ...valuesOf(settings, ...LATER)].entries()) {
    const program = programOf(line);
    if (!program || seen.has(program.path) || isBelow(program.path, RUNTIME)) continue;
    seen.add(program.path);
    if (OF_MANAGER.test(program.path) && !hasManager(system)) continue;
    const problem = problemWith(program.path, system);
    if (problem)
      yield {
        rule: 'missing-program',
        message: `starts ${program.path}, ${problem}`,
        mild: program.mayFail || index >= starting.length,
      };
  }
}

function problemWith(program: string, { files }: LaterSnapshot): string | undefined {
  const places = program.startsWith('/') ? [program] : SEARCH_PATH.map((directory) => `${directory}/${program}`);
  const found = places.flatMap((place) => resolvePath(place, files) ?? []);
  if (found.length === 0) return 'which is not there';
  const executable = found.some((path) => {
    const file = files.get(path);
    return file?.type === 'file' && (file.mode & 0o111) !== 0;
  });
  return executable ? undefined : 'which is no program that can be executed';
}

function* accounts(settings: readonly Setting[], { system, madeAtBoot }: UnitSurroundings): Generator<UnitFault> {
  if (isOn(settings, 'DynamicUser')) return;
  const isThere = (name: string, known: ReadonlyMap<string, number>) =>
    name === '' || /^\d+$/.test(name) || /[%$]/.test(name) || known.has(name) || madeAtBoot.has(name);
  const last = (name: string) => valuesOf(settings, name).at(-1) ?? '';
  for (const name of new Set([last('User'), last('SocketUser')])) {
    if (!isThere(name, system.users))
      yield { rule: 'missing-user', message: `runs as the user ${name}, which does not exist` };
  }
  const more = valuesOf(settings, 'SupplementaryGroups').flatMap((value) => value.split(/\s+/));
  for (const name of new Set([last('Group'), last('SocketGroup'), ...more])) {
    if (!isThere(name, system.groups))
      yield { rule: 'missing-group', message: `runs with the group ${name}, which does not exist` };
  }
}

function* environmentFiles(settings: readonly Setting[], { system }: UnitSurroundings): Generator<UnitFault> {
  for (const value of valuesOf(settings, 'EnvironmentFile')) {
    if (!value.startsWith('/') || /[%*?[]/.test(value) || isBelow(value, RUNTIME)) continue;
    if (resolvePath(value, system.files) !== undefined) continue;
    yield { rule: 'missing-environment-file', message: `reads ${value}, which is not there` };
  }
}

/** Units that are made while the system runs, from devices, mount tables and sessions: systemd.unit(5). */
const MADE_AT_RUNTIME = /\.(device|mount|swap|slice|scope)$/;

function* requiredUnits(settings: readonly Setting[], { system, aliases }: UnitSurroundings): Generator<UnitFault> {
  const manager = hasManager(system);
  const names = valuesOf(settings, 'Requires', 'Requisite', 'BindsTo').flatMap((value) => value.split(/\s+/));
  for (const name of new Set(names)) {
    if (name === '' || name.includes('%') || MADE_AT_RUNTIME.test(name) || aliases.has(name)) continue;
    if (!manager && /^systemd-|\.target$/.test(name)) continue;
    const template = name.replace(/@.*\./, '@.');
    const places = UNIT_DIRECTORIES.flatMap((directory) => [
      posix.join(directory, name),
      posix.join(directory, template),
    ]);
    // A link to a unit that only its target's package could follow is there all the same.
    if (places.some((place) => system.files.has(place) || resolvePath(place, system.files) !== undefined)) continue;
    yield { rule: 'missing-unit', message: `requires ${name}, which is not there` };
  }
}
