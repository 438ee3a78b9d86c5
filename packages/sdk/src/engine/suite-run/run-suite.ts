import type { Failure } from '../../contracts/report.ts';
import type { SuiteSpec } from '../../contracts/suite.ts';
import type { LocalSuite, SuiteTarget } from '../../contracts/suite-plan.ts';
import type { SuiteResult, SuiteTest } from '../../contracts/suite-result.ts';
import { required, type StageContext } from '../test-state.ts';
import { Deadline } from '../time-limit.ts';
import { bringIn } from './bring-in.ts';
import { ordinaryUser } from './ordinary-user.ts';
import { runSuiteTest } from './run-suite-test.ts';
import { SuiteTools } from './suite-tools.ts';

/** Fetches a suite, brings it into the environment, and runs its tests one after the other. */
export async function runSuite(
  context: StageContext,
  spec: SuiteSpec,
  index: number,
): Promise<Failure | { readonly result: SuiteResult }> {
  const { plan, shell, signal } = context;
  const fetched = await plan.parts.suites.fetch(spec, { signal, note: (line) => shell.note(line) });
  if ('reason' in fetched) return fetched;
  await using suite = fetched;
  const target = targetOf(context);
  const { format, tests: planned, notes } = await plan.parts.suites.plan(suite, spec, target);
  for (const note of notes) shell.note(`${suite.source}: ${note}`);
  if (planned.length === 0) return noTests(suite);
  const place = await bringIn(shell, suite);
  const needsUser = planned.some((test) => test.user !== undefined && test.skip === undefined);
  const user = needsUser ? await ordinaryUser(shell, place.root) : undefined;
  const manager = required(context.state.packageManager, 'the package manager');
  const tools = new SuiteTools(shell, manager);
  const deadline = new Deadline(`the suite ${suite.name}`, spec.timeoutsMs.suite ?? context.deadline.remainingMs);
  const tests: SuiteTest[] = [];
  for (const [at, test] of planned.entries()) {
    tests.push(await runSuiteTest({ context, index, spec, suite, place, target, tools, user, deadline }, test, at + 1));
  }
  const { source, commit } = suite;
  return {
    result: {
      source,
      ...(commit && { commit }),
      directory: place.directory,
      format,
      tools: await tools.installed(),
      notes: [...notes],
      tests,
    },
  };
}

/** A suite in which nothing can be run must not pass for one that passed. */
function noTests({ source, dir }: LocalSuite): Failure {
  return { reason: 'suite_not_found', message: `there is no test in ${dir === '' ? source : `${dir} of ${source}`}` };
}

function targetOf({ plan, state }: StageContext): SuiteTarget {
  const { distribution, version } = plan.request.system;
  const environment = required(state.environment, 'the environment');
  return {
    package: state.tested.name,
    family: required(state.packageManager, 'the package manager').family,
    architecture: required(state.systemFacts, 'the facts of the system').architecture,
    distribution,
    version,
    canReboot: environment.reboot !== undefined,
    isMachine: plan.parts.runner.traits.has('machine'),
    hasInventory: environment.inventory !== undefined,
  };
}
