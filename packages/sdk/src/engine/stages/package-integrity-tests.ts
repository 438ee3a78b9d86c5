import type { Checker } from '../../contracts/checker.ts';
import { AltsError } from '../../contracts/errors.ts';
import type { CheckContext, Facts } from '../../contracts/facts.ts';
import type { Finding } from '../../contracts/report.ts';
import { gatherFacts } from '../gather-facts.ts';
import { checkContext, failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

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

/** Gathers facts, each once, and has them judged. */
export async function packageIntegrityTests(context: StageContext): Promise<StageOutcome> {
  const { plan, state, shell, events, log, signal } = context;
  const { checkers } = plan.parts;
  const { collectors } = required(state.packageManager, 'the package manager');
  const wanted = new Set(checkers.flatMap((checker) => checker.needs));
  const about = checkContext(context);
  state.facts = await gatherFacts(wanted, collectors, shell.environment, about, {
    signal,
    limitMs: plan.request.timeoutsMs.command,
    onGathered: (fact, durationMs) => shell.note(`gathered ${fact} in ${durationMs} ms`),
  });
  for (const checker of checkers) {
    let errors = 0;
    for (const finding of judge(checker, state.facts as Facts, about)) {
      state.findings.push(finding);
      if (finding.severity === 'error') errors += 1;
      await log.note(
        `${finding.severity}: [${finding.checker}/${finding.rule}] ${finding.subject}: ${finding.message}`,
      );
      await events.emit({ type: 'finding', stage: 'package_integrity_tests', finding });
    }
    await log.note(`${checker.id}: ${errors === 0 ? 'no errors' : `${errors} errors`}`);
  }
  const errors = state.findings.filter((finding) => finding.severity === 'error');
  const [first] = errors;
  if (!first) return PASSED;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return failed({ reason: 'findings', message: `${first.subject}: ${first.message}${more}` });
}
