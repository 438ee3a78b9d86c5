import type { Rule } from '../contracts/checker.ts';
import { matchesGlob } from '../contracts/glob.ts';
import type { ReportedFinding, StageResult } from '../contracts/report.ts';
import { isAbout, type SkipRule } from '../contracts/skip.ts';
import { SKIPS } from './known-rules.ts';
import type { Plan } from './plan.ts';
import { excludedFrom, skipSubject } from './skips.ts';
import type { TestState } from './test-state.ts';
import { isExpired } from './triage.ts';

/** What is said of skip rules and exclusions, when all stages are over. */
export const SKIP_RULES = [
  {
    id: 'nothing-checked',
    severity: 'warning',
    summary: 'so much was skipped by rules that nothing was checked of the package',
    why: 'The test passes, because nothing speaks against the package; nothing speaks for it either.',
    fix: 'Skip less: leave in the checks, the removal or a test suite.',
    source: 'the stages that ran',
  },
  {
    id: 'expired-skip',
    severity: 'warning',
    summary: 'the last day of a skip rule for this package has passed, so it skips nothing any more',
    why: 'What was left out for a time runs again, and counts.',
    fix: 'Repair what was left out and take the rule out, or decide anew and give it another date.',
    source: 'the field expires of the rule',
  },
  {
    id: 'unused-skip',
    severity: 'warning',
    summary: 'the test has no stage, or its suites have no test, that a skip rule for this package is about',
    why: 'A rule with a typing mistake skips nothing; one that is no longer needed hides what comes back under the name.',
    fix: 'Take it out; correct its pattern; or, where it is for another package or system, say so in its fields.',
    source: 'the stages of the test, and the tests of its suites',
  },
  {
    id: 'exclusions-unavailable',
    severity: 'warning',
    summary: 'the exclusion document could not be had, so nothing was skipped because of it',
    why: 'What is known not to work may have been run and may have failed.',
    fix: 'Repair the server or the URL and test again.',
    source: 'what the server answered',
  },
  {
    id: 'exclusions-outdated',
    severity: 'info',
    summary: 'the server of the exclusion document did not answer, so an earlier copy was used',
    why: 'The document may say something else by now.',
    fix: 'Repair the server or the URL.',
    source: 'what the server answered',
  },
  {
    id: 'unknown-step',
    severity: 'warning',
    summary: 'the exclusion document names a step for this package that cannot be skipped',
    why: 'What was to be left out has been run.',
    fix: 'Correct the name: install_package, run_package_integrity_tests, run_third_party_tests, uninstall_package.',
    source: 'the exclusion document',
  },
] as const satisfies readonly Rule[];

type Id = (typeof SKIP_RULES)[number]['id'];

function said(id: Id, subject: string, message: string, evidence?: string): ReportedFinding {
  const severity = SKIP_RULES.find((rule) => rule.id === id)?.severity ?? 'warning';
  // No stage found it; it is known when the last is over.
  return {
    ...{ checker: SKIPS, rule: id, severity, subject, message, stage: 'stop_environment', status: 'new' },
    ...(evidence !== undefined && { evidence }),
  };
}

/** What people should know of what was skipped, and of what was not although a rule says so. */
export function* skipFindings(
  plan: Plan,
  state: TestState,
  results: readonly StageResult[],
): Generator<ReportedFinding> {
  yield* exclusionFindings(plan, state);
  const subject = skipSubject(plan, state);
  for (const rule of plan.request.skip.filter((one) => isAbout(one, subject))) {
    const about = rule.tests === undefined ? rule.stage : `${rule.stage} ${rule.tests}`;
    const reason = `reason: ${rule.reason}`;
    if (isExpired(rule, state.today)) {
      yield said('expired-skip', about, `this rule expired on ${rule.expires} and skips nothing any more`, reason);
    } else if (isUnused(rule, plan, state, results)) {
      yield said('unused-skip', about, 'there is nothing in this test that this rule is about', reason);
    }
  }
  if (state.ruledOut.size > 0 && wasNothingChecked(state, results)) {
    const stages = [...state.ruledOut].join(', ');
    yield said('nothing-checked', state.tested.name, `nothing was checked of it: rules skip ${stages}`);
  }
}

function* exclusionFindings(plan: Plan, state: TestState): Generator<ReportedFinding> {
  const { exclusions } = plan;
  if (!exclusions) return;
  const { source, unavailable, outdated } = exclusions;
  if (unavailable !== undefined) {
    yield said('exclusions-unavailable', source, `cannot be had, and nothing is skipped because of it: ${unavailable}`);
  }
  if (outdated !== undefined) yield said('exclusions-outdated', source, `cannot be asked for: ${outdated}`);
  for (const problem of excludedFrom(plan, skipSubject(plan, state)).unknown)
    yield said('unknown-step', source, problem);
}

/** Of tests in suites to which the test did not come nobody can say. */
function isUnused({ stage, tests }: SkipRule, plan: Plan, state: TestState, results: readonly StageResult[]): boolean {
  const own = results.filter(({ name }) => name === stage);
  if (own.length === 0) return true;
  if (tests === undefined || state.ruledOut.has(stage)) return false;
  if (state.suites.length < plan.request.tests.length) return false;
  return !state.suites.some((suite) => suite.tests.some(({ name }) => matchesGlob(name, tests)));
}

function wasNothingChecked({ judged, suites }: TestState, results: readonly StageResult[]): boolean {
  const cameToItsEnd = results.every(({ status }) => status === 'passed' || status === 'skipped');
  return cameToItsEnd && judged.size === 0 && !suites.some(({ tests }) => tests.some(({ attempts }) => attempts > 0));
}
