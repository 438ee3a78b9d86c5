import type { PlannedTest } from '../../contracts/suite-plan.ts';
import type { SuiteTest } from '../../contracts/suite-result.ts';
import { matchesGlob } from '../glob.ts';
import { readingEnvironment } from '../reading-environment.ts';
import { skipOfTest } from '../skips.ts';
import { StageLog } from '../stage-log.ts';
import { required } from '../test-state.ts';
import { formatDuration } from '../time-limit.ts';
import { type Attempt, attemptTest, type HowToRun } from './attempt-test.ts';
import { ensureInstalled } from './ensure-installed.ts';
import type { SuiteRun } from './suite-run.ts';
import { collectArtifacts, makeWorkspace } from './test-workspace.ts';

type Ended = Omit<SuiteTest, 'name' | 'kind' | 'durationMs' | 'optional' | 'log'>;

const notRun = (status: 'skipped' | 'error', reason: string): Ended => ({ status, reason, attempts: 0, cases: [] });

/**
 * Runs one test with what it needs, again where the request says so, and keeps what it left.
 * @param number its place in the suite, from 1
 */
export async function runSuiteTest(run: SuiteRun, test: PlannedTest, number: number): Promise<SuiteTest> {
  const { context, index } = run;
  const started = performance.now();
  const id = `test-${index + 1}-${String(number).padStart(2, '0')}`;
  const name = `${context.plan.artifactPrefix}${id}-${test.name.replace(/[^A-Za-z0-9._+@-]/g, '_').slice(0, 80)}.log`;
  const reason = reasonNotToRun(run, test) ?? (await prepare(run, test));
  const log = reason ? undefined : openLog(run, name);
  const ended = reason ?? (await runAndCollect(run, test, { id, log: required(log, 'the log of the test') }));
  log?.close();
  if (log) context.state.kept.push(log.stored);
  const result: SuiteTest = {
    name: test.name,
    kind: test.kind,
    ...ended,
    durationMs: Math.round(performance.now() - started),
    ...(test.optional && { optional: true }),
    ...(log && { log: log.name }),
  };
  const because = result.reason ? `: ${result.reason}` : '';
  await context.log.note(`${test.name} ${result.status}${because}`);
  await context.events.emit({ type: 'test-finished', suite: index, test: result });
  return result;
}

function openLog({ context: { plan, planned } }: SuiteRun, name: string): StageLog {
  const { taskId, parts, secrets } = plan;
  return new StageLog({ stage: planned.name, name, taskId, store: parts.store, secrets });
}

function reasonNotToRun({ deadline, context }: SuiteRun, test: PlannedTest): Ended | undefined {
  const ruled = skipOfTest(test.name, context.plan, context.state);
  if (ruled !== undefined) return notRun('skipped', ruled);
  if (test.skip !== undefined) return notRun('skipped', test.skip);
  if (deadline.remainingMs > 0 && context.deadline.remainingMs > 0) return undefined;
  const { what, limitMs } = context.deadline.remainingMs > 0 ? deadline : context.deadline;
  return notRun('skipped', `the limit of ${what}, ${formatDuration(limitMs)}, was reached before it`);
}

/** The package, and what the test needs, are there. */
async function prepare({ context, tools, spec }: SuiteRun, test: PlannedTest): Promise<Ended | undefined> {
  const broken = await ensureInstalled(context);
  if (broken) return notRun('error', `the package is gone and cannot be installed again: ${broken.message}`);
  const failure = await tools.require([...spec.requires, ...test.requires]);
  if (!failure) return undefined;
  const wanted = [...spec.requires, ...test.requires].join(', ');
  return notRun(test.skipNotInstallable ? 'skipped' : 'error', `needs ${wanted}: ${failure.message}`);
}

async function runAndCollect(
  run: SuiteRun,
  test: PlannedTest,
  { id, log }: { readonly id: string; readonly log: StageLog },
): Promise<Ended> {
  const workspace = await makeWorkspace(run.context, id);
  const ended = await runAttempts(run, test, { workspace, limitMs: limitOf(run, test), log });
  const { kept, omitted } = await collectArtifacts(run.context, workspace, id);
  if (omitted > 0) run.context.shell.note(`${omitted} files of ${test.name} are too many or too large to be kept`);
  return { ...ended, ...(kept.length > 0 && { artifacts: kept }) };
}

const isBad = ({ status }: Attempt): boolean => status === 'failed' || status === 'timed-out';

async function runAttempts(run: SuiteRun, test: PlannedTest, how: HowToRun): Promise<Ended> {
  const { spec, context } = run;
  let attempts = 0;
  let first: Attempt | undefined;
  for (;;) {
    attempts += 1;
    const last = await attemptTest(run, test, how);
    first ??= last;
    const ended = resultOf(last, attempts);
    // That it cannot be run does not make it flaky.
    if (last.status === 'error') return ended;
    if (last.wantsRestart && !isBad(last)) return { ...ended, ...(await restart(run)) };
    if (!isBad(last)) return attempts === 1 ? ended : { ...ended, ...flaky(first, attempts) };
    if (attempts > spec.retries || run.deadline.remainingMs === 0 || context.deadline.remainingMs === 0) return ended;
    await context.log.note(`${test.name} ${last.status}: running it again (${attempts} of ${spec.retries})`);
    await ensureInstalled(context);
  }
}

function flaky(first: Attempt, attempts: number): Pick<Ended, 'status' | 'reason'> {
  const why = first.reason ? ` (${first.reason})` : '';
  return { status: 'flaky', reason: `${first.status} at first${why}, passed at attempt ${attempts}` };
}

function resultOf({ end, wantsRestart: _, ...judgement }: Attempt, attempts: number): Ended {
  return {
    ...judgement,
    attempts,
    ...(end?.type === 'exit' && { exitCode: end.code }),
    ...(end?.type === 'signal' && { signal: end.signal }),
  };
}

/** The request by name or glob, then the test itself, then the request for all. */
function limitOf({ spec: { timeoutsMs } }: SuiteRun, { name, timeoutMs }: PlannedTest): number {
  const [, named] = Object.entries(timeoutsMs.tests).find(([pattern]) => matchesGlob(name, pattern)) ?? [];
  return named ?? timeoutMs ?? timeoutsMs.test;
}

async function restart({ context: { state, shell, signal } }: SuiteRun): Promise<Partial<Ended>> {
  const environment = required(state.environment, 'the environment');
  if (!environment.reboot)
    return { status: 'skipped', reason: 'it wants a restart, and this environment cannot reboot' };
  shell.note('the test wants a restart: rebooting');
  await environment.reboot({ signal });
  state.reader = readingEnvironment(environment);
  return {};
}
