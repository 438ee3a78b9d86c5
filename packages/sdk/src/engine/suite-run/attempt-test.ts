import type { ExecEnd, ExecResult, OutputChunk } from '../../contracts/environment.ts';
import type { Judgement, PlannedTest } from '../../contracts/suite-plan.ts';
import type { PlayResult } from '../../contracts/test-suites.ts';
import type { StageLog } from '../stage-log.ts';
import { Deadline } from '../time-limit.ts';
import { environmentOf } from './ordinary-user.ts';
import { type HowToPlay, playTest } from './play-test.ts';
import { RestartMarker } from './restart-marker.ts';
import type { SuiteRun } from './suite-run.ts';
import type { TestWorkspace } from './test-workspace.ts';

/** What came of running a test once. */
export interface Attempt extends Omit<Judgement, 'status'> {
  /** `error`: it could not be run. */
  readonly status: Judgement['status'] | 'error';
  /** Left out where it could not be run. */
  readonly end?: ExecEnd;
  /** It asked for a restart of the system. */
  readonly wantsRestart: boolean;
}

export interface HowToRun {
  readonly workspace: TestWorkspace;
  readonly limitMs: number;
  /** Of the test. */
  readonly log: StageLog;
}

/** Runs a test once; its output goes to its own log, to that of the stage, and to its judge. */
export async function attemptTest(
  run: SuiteRun,
  test: PlannedTest,
  { workspace, limitMs, log }: HowToRun,
): Promise<Attempt> {
  const judge = await run.context.plan.parts.suites.judge(test.protocol);
  const marker = new RestartMarker();
  const own = log.command(true);
  const within = Deadline.earlier(new Deadline(test.name, limitMs), run.deadline);
  const listen = async (chunk: OutputChunk): Promise<void> => {
    judge.push(chunk);
    if (chunk.stream === 'stdout') marker.push(chunk.bytes);
    await own.output(chunk);
  };
  const ran = await (test.kind === 'ansible' ? play : command)(run, test, { workspace, within, listen });
  await own.end();
  if ('unusable' in ran) return { status: 'error', reason: ran.unusable, cases: [], wantsRestart: false };
  return { ...judge.end(ran.end), end: ran.end, wantsRestart: marker.seen };
}

type How = Pick<HowToRun, 'workspace'> & Omit<HowToPlay, 'variables'>;

function command(
  { context: { shell }, place, spec, user }: SuiteRun,
  test: PlannedTest,
  { workspace, ...how }: How,
): Promise<ExecResult> {
  const runner = test.user && user;
  return shell.run(test.command, {
    ...how,
    cwd: test.cwd ? `${place.directory}/${test.cwd}` : place.directory,
    user: runner?.name,
    env: {
      ALTS_ARTIFACTS: workspace.artifacts,
      AUTOPKGTEST_ARTIFACTS: workspace.artifacts,
      AUTOPKGTEST_TMP: workspace.temporary,
      ...(runner && environmentOf(runner)),
      ...test.env,
      ...spec.environment,
    },
  });
}

function play(run: SuiteRun, test: PlannedTest, { workspace: { artifacts }, ...how }: How): Promise<PlayResult> {
  const variables = { alts_artifacts: artifacts, ALTS_ARTIFACTS: artifacts, ...test.env, ...run.spec.environment };
  return playTest(run, test, { variables, ...how });
}
