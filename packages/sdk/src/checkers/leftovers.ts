import type { Checker } from '../contracts/checker.ts';
import type { Finding, Severity } from '../contracts/report.ts';
import { leftFiles } from './leftover-files.ts';
import { newProcesses, OriginOf, type Remains } from './leftover-origin.ts';
import { LEFTOVER_RULES, type LeftoverRule } from './leftover-rules.ts';
import { isBelow, placeOf, resolvePath } from './path-lookup.ts';

/** May be emptied at any time, by anybody: FHS 3.0, 3.15, 3.18, 5.5, 5.15. */
const VOLATILE = ['/run', '/tmp', '/var/tmp', '/var/cache', '/var/log', '/var/lib/systemd'];
/** Names that are shown of many. */
const SHOWN = 10;

/**
 * What did the package not take away, and what did it take away that is not its own? Each thing is said once, in the
 * phase in which policy wants it gone. What the base system had before is never called left behind; packages that came
 * with it and stay keep what is theirs.
 */
export const leftovers: Checker<keyof Remains> = {
  contract: 'checker/1',
  id: 'leftovers',
  rules: LEFTOVER_RULES,
  needs: ['package.installed', 'package.files', 'system.before', 'system.now'],
  phases: ['removed', 'purged'],
  *check(remains, { phase }) {
    const originOf = new OriginOf(remains, remains['package.installed'].name);
    const { left, unclear } = leftFiles(remains, phase, originOf);
    for (const { path, rule, inside, count } of left) {
      const more = count > 0 ? `, with ${count} below it` : '';
      yield found(rule, path, `was not there before the package, and is left${more}`, inside.join('\n'));
    }
    if (phase === 'removed') {
      yield* alternatives(remains);
      yield* processes(remains, originOf);
      return;
    }
    const unclearNames = [...unclear];
    yield* accounts(remains, originOf, unclearNames);
    yield* registers(remains, originOf);
    yield* takenAway(remains);
    if (unclearNames.length === 0) return;
    const shown = unclearNames.slice(0, SHOWN).join('\n');
    const message = `${unclearNames.length} things are left that another package which came with it may have made`;
    yield found('unclear-origin', remains['package.installed'].name, message, shown);
  },
};

function found(rule: LeftoverRule, subject: string, message: string, evidence = '', severity?: Severity): Finding {
  const stated = LEFTOVER_RULES.find(({ id }) => id === rule)?.severity ?? 'error';
  return { checker: 'leftovers', rule, severity: severity ?? stated, subject, message, ...(evidence && { evidence }) };
}

/** Candidates that are gone: `update-alternatives` was not told. */
function* alternatives({ 'system.before': before, 'system.now': now }: Remains): Generator<Finding> {
  for (const [name, { link, candidates }] of now.alternatives) {
    const gone = candidates.filter((candidate) => resolvePath(candidate, now.files) === undefined);
    const wasThere = (candidate: string) =>
      before.alternatives.get(name)?.candidates.includes(candidate) === true &&
      resolvePath(candidate, before.files) === undefined;
    for (const candidate of gone.filter((one) => !wasThere(one))) {
      yield found('alternative-left', link, `the alternative ${name} offers ${candidate}, which is not there`);
    }
  }
}

function* processes(remains: Remains, originOf: OriginOf): Generator<Finding> {
  for (const { pid, executable, deleted, command } of newProcesses(remains)) {
    const line = command || executable;
    if (deleted) {
      const message = `process ${pid} (${line}) still runs, and its program is gone`;
      yield found('process-left', executable, message, '', 'error');
    } else if (originOf.process(executable) === 'package') {
      yield found('process-left', executable, `process ${pid} (${line}) was started by the package and still runs`);
    }
  }
}

function* accounts(remains: Remains, originOf: OriginOf, unclear: string[]): Generator<Finding> {
  const { 'system.before': before, 'system.now': now } = remains;
  for (const kind of ['user', 'group'] as const) {
    const [old, current] = kind === 'user' ? [before.users, now.users] : [before.groups, now.groups];
    for (const [name, id] of current) {
      if (old.has(name)) continue;
      if (originOf.named(name) === 'unclear') unclear.push(`${kind} ${name}`);
      else yield found(`${kind}-left`, name, `the ${kind} ${name} (${id}) was not there before the package`);
    }
  }
}

function* registers(remains: Remains, originOf: OriginOf): Generator<Finding> {
  const {
    'package.installed': { name },
    'system.before': before,
    'system.now': now,
  } = remains;
  const divertedBefore = new Set(before.diversions.map(({ path, by }) => `${by}\0${path}`));
  for (const { path, to, by } of now.diversions) {
    if (by !== name && (by !== ':' || originOf.named(path) !== 'package')) continue;
    if (divertedBefore.has(`${by}\0${path}`)) continue;
    yield found('diversion-left', path, `is still diverted to ${to}`, `diverted by ${by === ':' ? 'nobody' : by}`);
  }
  const overriddenBefore = new Set(before.statOverrides.map(({ path }) => path));
  for (const { path, user, group, mode } of now.statOverrides) {
    if (overriddenBefore.has(path) || !(originOf.owned(placeOf(path, now.files)) || originOf.named(path) === 'package'))
      continue;
    const override = `${user}:${group} ${mode.toString(8)}`;
    yield found('override-left', path, `is still to have owner and mode ${override}, dpkg-statoverride(1)`);
  }
}

/** What packages that are still there own, and what is gone although it was there before. */
function* takenAway({
  'package.installed': { name },
  'system.before': before,
  'system.now': now,
}: Remains): Generator<Finding> {
  for (const path of before.files.keys()) {
    if (now.files.has(path) || isBelow(path, VOLATILE)) continue;
    const owners = (now.owners.get(path) ?? []).filter((owner) => owner !== name && now.packages.has(owner));
    if (owners.length > 0) yield found('others-file-removed', path, `is gone, and belongs to ${owners.join(', ')}`);
  }
}
