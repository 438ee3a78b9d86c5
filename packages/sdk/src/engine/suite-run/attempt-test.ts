import type { ExecEnd } from '../../contracts/environment.ts';
import type { Judgement, PlannedTest } from '../../contracts/suite-plan.ts';
import type { StageLog } from '../stage-log.ts';
import { Deadline } from '../time-limit.ts';
import { environmentOf } from './ordinary-user.ts';
import { RestartMarker } from './restart-marker.ts';
import type { SuiteRun } from './suite-run.ts';
import type { TestWorkspace } from './test-workspace.ts';

/** What came of running a test once. */
export interface Attempt extends Judgement {
  readonly end: ExecEnd;
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
  { context: { plan, shell }, place, spec, user, deadline }: SuiteRun,
  test: PlannedTest,
  { workspace, limitMs, log }: HowToRun,
): Promise<Attempt> {
  const judge = await plan.parts.suites.judge(test.protocol);
  const marker = new RestartMarker();
  const own = log.command(true);
  const runner = test.user && user;
  const { end } = await shell.run(test.command, {
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
    within: Deadline.earlier(new Deadline(test.name, limitMs), deadline),
    listen: async (chunk) => {
      judge.push(chunk);
      if (chunk.stream === 'stdout') marker.push(chunk.bytes);
      await own.output(chunk);
    },
  });
  await own.end();
  return { ...judge.end(end), end, wantsRestart: marker.seen };
}
