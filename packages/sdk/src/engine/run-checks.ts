import type { Checker } from '../contracts/checker.ts';
import { AltsError } from '../contracts/errors.ts';
import type { AnyCollector, CheckContext, Facts, Moment } from '../contracts/facts.ts';
import type { Phase } from '../contracts/phases.ts';
import type { Finding, ReportedFinding } from '../contracts/report.ts';
import type { StageName } from '../contracts/stages.ts';
import { gatherFacts } from './gather-facts.ts';
import { checkContext, failed, PASSED, required, type StageContext, type StageOutcome } from './test-state.ts';

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
    yield { checker: checker.id, rule: 'too-many-findings', severity: 'error', subject: context.package.name, message };
  }
}

/** What the engine itself has to know of the installed package, whichever checkers there are. */
const OWN_NEEDS: readonly (keyof Facts)[] = ['package.installed'];

const judges = ({ phases = ['installed'] }: Checker, phase: Phase): boolean => phases.includes(phase);
const momentOf = ({ moment = 'installed' }: AnyCollector): Moment => moment;

/** Gathers facts and adds them to those that are known; what is known already is not gathered again. */
async function gather(context: StageContext, wanted: Iterable<keyof Facts>, phase: Phase): Promise<void> {
  const { plan, state, shell, signal } = context;
  const { collectors } = required(state.packageManager, 'the package manager');
  state.facts = await gatherFacts(wanted, collectors, shell.environment, checkContext(context, phase), {
    known: state.facts,
    signal,
    limitMs: plan.request.timeoutsMs.command,
    onGathered: (fact, durationMs) => shell.note(`gathered ${fact} in ${durationMs} ms`),
  });
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

/** Forgets what was true in an earlier phase; in `installed` also what was known of an earlier installation. */
function forget(facts: Partial<Facts>, collectors: readonly AnyCollector[], phase: Phase): Partial<Facts> {
  const stale = collectors.filter((collector) => {
    const moment = momentOf(collector);
    return moment === 'each-phase' || (moment === 'installed' && phase === 'installed');
  });
  const names = new Set<string>(stale.map(({ fact }) => fact));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.has(name)));
}

/** Gathers facts, each once, and has them judged by the checkers of that phase. */
export async function runChecks(stage: StageName, phase: Phase, context: StageContext): Promise<StageOutcome> {
  const { plan, state, events, log } = context;
  const checkers = plan.parts.checkers.filter((checker) => judges(checker, phase));
  const { collectors } = required(state.packageManager, 'the package manager');
  state.facts = forget(state.facts, collectors, phase);
  await gather(context, new Set([...OWN_NEEDS, ...checkers.flatMap((checker) => checker.needs)]), phase);
  const found: ReportedFinding[] = [];
  for (const checker of checkers) {
    let errors = 0;
    for (const one of judge(checker, state.facts as Facts, checkContext(context, phase))) {
      const finding = { ...one, stage };
      found.push(finding);
      state.findings.push(finding);
      if (finding.severity === 'error') errors += 1;
      await log.note(
        `${finding.severity}: [${finding.checker}/${finding.rule}] ${finding.subject}: ${finding.message}`,
      );
      await events.emit({ type: 'finding', finding });
    }
    await log.note(`${checker.id}: ${errors === 0 ? 'no errors' : `${errors} errors`}`);
  }
  return outcomeOf(found);
}

function outcomeOf(findings: readonly ReportedFinding[]): StageOutcome {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const [first] = errors;
  if (!first) return PASSED;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return failed({ reason: 'findings', message: `${first.subject}: ${first.message}${more}` });
}
