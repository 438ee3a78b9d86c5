import type { ExecEnd } from '../../contracts/environment.ts';
import type { Judgement, PlannedTest } from '../../contracts/suite-plan.ts';
import type { StageLog } from '../stage-log.ts';
import { Deadline } from '../time-limit.ts';
import { RestartMarker } from './restart-marker.ts';
import type { SuiteRun } from './suite-run.ts';
import type { TestWorkspace } from './test-workspace.ts';

/** Nobody's: a user who is on every system. */
const UNPRIVILEGED = 'nobody';

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
  { context: { plan, shell }, place, spec, deadline }: SuiteRun,
  test: PlannedTest,
  { workspace, limitMs, log }: HowToRun,
): Promise<Attempt> {
  const judge = await plan.parts.suites.judge(test.protocol);
  const marker = new RestartMarker();
  const own = log.command(true);
  const { end } = await shell.run(test.command, {
    cwd: test.cwd ? `${place.directory}/${test.cwd}` : place.directory,
    user: test.user && UNPRIVILEGED,
    env: {
      ALTS_ARTIFACTS: workspace.artifacts,
      AUTOPKGTEST_ARTIFACTS: workspace.artifacts,
      AUTOPKGTEST_TMP: workspace.temporary,
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
