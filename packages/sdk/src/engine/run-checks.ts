import type { Checker } from '../contracts/checker.ts';
import { AltsError } from '../contracts/errors.ts';
import type { AnyCollector, CheckContext, Facts, Moment } from '../contracts/facts.ts';
import type { Phase } from '../contracts/phases.ts';
import { decides, type Finding, formatStanding, type ReportedFinding } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import { gatherFacts } from './gather-facts.ts';
import { TOO_MANY_FINDINGS } from './known-rules.ts';
import { exceptChanged } from './lifecycle/user-changes.ts';
import { notComparable } from './reference.ts';
import { forgiveTests } from './suite-run/forgive-tests.ts';
import {
  checkContext,
  failed,
  PASSED,
  phasesOf,
  required,
  type StageContext,
  type StageOutcome,
  triageRules,
} from './test-state.ts';
import { triage } from './triage.ts';

/** What one checker may say before the rest is summed up: a package of 10,000 broken links needs no 10,000 lines. */
export const MAX_FINDINGS = 1000;

/** Runs a checker; one that throws is broken, and that is not the package's fault. */
function* judge(checker: Checker, facts: Facts, context: CheckContext): Generator<Finding> {
  let count = 0;
  try {
    for (const finding of checker.check(facts, context)) {
      count += 1;
      if (count <= MAX_FINDINGS) yield finding;
    }
  } catch (error) {
    throw new AltsError('internal', `the checker "${checker.id}" failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (count > MAX_FINDINGS) {
    const message = `${count - MAX_FINDINGS} more findings are not listed: the limit is ${MAX_FINDINGS} for each checker`;
    yield { checker: checker.id, rule: TOO_MANY_FINDINGS, severity: 'error', subject: context.package.name, message };
  }
}

/** What the engine itself has to know of the installed package, whichever checkers there are. */
const OWN_NEEDS: readonly (keyof Facts)[] = ['package.installed'];

const momentOf = ({ moment = 'installed' }: AnyCollector): Moment => moment;

/** Gathers facts and adds them to those that are known; what is known already is not gathered again. */
async function gather(context: StageContext, wanted: Iterable<keyof Facts>, phase: Phase): Promise<void> {
  const { plan, state, shell, signal } = context;
  const { collectors } = required(state.packageManager, 'the package manager');
  state.facts = await gatherFacts(
    wanted,
    collectors,
    required(state.reader, 'the reading environment'),
    checkContext(context, phase),
    {
      known: state.facts,
      signal,
      limitMs: plan.request.timeoutsMs.command,
      onGathered: (fact, durationMs) => shell.note(`gathered ${fact} in ${durationMs} ms`),
    },
  );
  const { 'package.files': files } = state.facts;
  if (files) state.facts = { ...state.facts, 'package.files': exceptChanged(files, state.changedFiles) };
}

/** Gathers what checkers want to know of the system before the package is there. */
export async function gatherBefore(context: StageContext): Promise<void> {
  const { plan, state } = context;
  const { collectors } = required(state.packageManager, 'the package manager');
  const before = collectors.filter((collector) => momentOf(collector) === 'before').map(({ fact }) => fact);
  const wanted = new Set(plan.parts.checkers.flatMap((checker) => checker.needs));
  await gather(
    context,
    before.filter((fact) => wanted.has(fact)),
    'installed',
  );
}

/** Gathers what checkers want to know, after the package has gone, of how it was when it was there. */
export async function gatherInstalled(context: StageContext): Promise<void> {
  const { plan, state } = context;
  const { collectors } = required(state.packageManager, 'the package manager');
  const after = plan.parts.checkers.filter((checker) => phasesOf(checker).some((phase) => !isThere(phase)));
  const wanted = new Set<keyof Facts>([...OWN_NEEDS, ...after.flatMap((checker) => checker.needs)]);
  const installed = collectors.filter((collector) => momentOf(collector) === 'installed').map(({ fact }) => fact);
  await gather(
    context,
    installed.filter((fact) => wanted.has(fact)),
    'installed',
  );
}

const isThere = (phase: Phase): boolean => phase === 'installed' || phase === 'upgraded';

/** What test suites leave can be told apart from what the package has, also where no checks have looked before them. */
export async function lookBeforeSuites(context: StageContext): Promise<void> {
  const { 'system.before': before, 'system.now': now } = context.state.facts;
  if (before && !now) await gather(context, ['system.now'], 'installed');
}

/** From now on what the test suites left in the system is not the package's. */
export async function forgiveSuites(context: StageContext): Promise<void> {
  const { state, planned } = context;
  const { 'system.before': before, 'system.now': then } = state.facts;
  if (!before || !then) return;
  const { 'system.now': _, ...known } = state.facts;
  state.facts = known;
  context.shell.note(`looking at what ${planned.name} left`);
  await gather(context, ['system.now'], 'installed');
  const now = state.facts['system.now'];
  if (now) state.facts = { ...state.facts, 'system.before': forgiveTests(before, then, now) };
}

/** Forgets what was true in an earlier phase; where the package is there, also what was known of an earlier installation. */
function forget(facts: Partial<Facts>, collectors: readonly AnyCollector[], phase: Phase): Partial<Facts> {
  const stale = collectors.filter((collector) => {
    const moment = momentOf(collector);
    return moment === 'each-phase' || (moment === 'installed' && isThere(phase));
  });
  const names = new Set<string>(stale.map(({ fact }) => fact));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.has(name)));
}

/** A baseline that was handed over may turn out to be of another package only now that the package is known. */
function assertComparable({ state }: StageContext): void {
  const family = state.packageManager?.family;
  const problem = state.baseline && notComparable(state.baseline.report, { name: state.tested.name, family });
  if (problem) throw new AltsError('baseline_unusable', `baseline: cannot be compared with: ${problem}`);
}

/**
 * Gathers facts, each once, and has them judged by the checkers of that phase.
 * @param unchanged nothing has happened since the phase before: what is known of it still holds
 */
export async function runChecks(
  stage: StageName,
  phase: Phase,
  context: StageContext,
  { unchanged = false } = {},
): Promise<StageOutcome> {
  const { plan, state, events, log } = context;
  const checkers = plan.parts.checkers.filter((checker) => phasesOf(checker).includes(phase));
  const { collectors } = required(state.packageManager, 'the package manager');
  if (!unchanged) state.facts = forget(state.facts, collectors, phase);
  await gather(context, new Set([...OWN_NEEDS, ...checkers.flatMap((checker) => checker.needs)]), phase);
  assertComparable(context);
  const rules = triageRules(plan, state);
  const found: ReportedFinding[] = [];
  for (const checker of checkers) {
    let errors = 0;
    for (const one of judge(checker, state.facts as Facts, checkContext(context, phase))) {
      const finding = triage(one, stage, state.tested, rules);
      found.push(finding);
      state.findings.push(finding);
      if (decides(finding)) errors += 1;
      await log.note(
        `${formatStanding(finding)}: [${finding.checker}/${finding.rule}] ${finding.subject}: ${finding.message}`,
      );
      await events.emit({ type: 'finding', finding });
    }
    await log.note(`${checker.id}: ${errors === 0 ? 'no errors' : `${errors} errors`}`);
  }
  state.judged.add(phase);
  return outcomeOf(found);
}

function outcomeOf(findings: readonly ReportedFinding[]): StageOutcome {
  const errors = findings.filter(decides);
  const [first] = errors;
  if (!first) return PASSED;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return failed({ reason: 'findings', message: `${first.subject}: ${first.message}${more}` });
}
