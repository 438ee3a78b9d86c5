import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Runner, System } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import type { Broken } from './proof/broken.fixture.ts';
import { brokenExecs } from './proof/broken-exec.fixture.ts';
import { brokenExecEnds } from './proof/broken-exec-end.fixture.ts';
import { brokenReads, brokenWrites } from './proof/broken-files.fixture.ts';
import { brokenRunners } from './proof/broken-runners.fixture.ts';
import { killMarked, localRunner } from './proof/local-runner.fixture.ts';
import { type Outcome, RecordingFramework } from './proof/recording-framework.fixture.ts';
import { runnerConformance } from './runner-conformance.ts';

const scratch = mkdtempSync(join(tmpdir(), 'alts-testkit-'));
/** Broken runners lose processes: all that come of this file carry this, and go at its end. */
process.env['ALTS_TESTKIT'] = scratch;
afterAll(() => {
  killMarked(`ALTS_TESTKIT=${scratch}`);
  rmSync(scratch, { recursive: true, force: true });
});

const isRoot = process.getuid?.() === 0;
const ofHost = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(readFileSync('/etc/os-release', 'utf8'));
const host = `${ofHost('ID')?.[1] ?? 'debian'}:${ofHost('VERSION_ID')?.[1] ?? 'sid'}`;
/** This machine is no clean system of its own; and without root nobody can give files away. */
const IMPOSSIBLE = isRoot ? /^a clean system/ : /^a clean system|^write|superuser|another user|owner|symbolic link/;

let backends = 0;
function suiteFor(make: (right: Runner) => Runner = (right) => right): RecordingFramework {
  const framework = new RecordingFramework();
  backends += 1;
  const backend = join(scratch, `backend-${backends}`);
  const create = () => make(localRunner(backend, System.parse(host)));
  runnerConformance({ name: 'a runner', framework, create, system: host, scratch });
  return framework;
}

const failed = (outcomes: readonly Outcome[]) => outcomes.filter(({ failure }) => failure !== undefined);

describe.runIf(process.platform === 'linux').concurrent('the suite for runners', () => {
  it('passes a runner that is right, and sees that processes of one machine are no environments', async () => {
    const outcomes = await suiteFor().run();
    const [impossible, other] = [
      failed(outcomes).filter(({ name }) => IMPOSSIBLE.test(name)),
      failed(outcomes).filter(({ name }) => !IMPOSSIBLE.test(name)),
    ];
    expect(other).toEqual([]);
    expect(impossible.length).toBeGreaterThanOrEqual(2);
    expect(outcomes.length).toBeGreaterThan(60);
  }, 90_000);

  describe.each<[string, readonly Broken<Runner>[]]>([
    ['a runner', brokenRunners],
    ['exec', brokenExecs],
    ['the end of exec', brokenExecEnds],
    ['read', brokenReads],
    ['write', brokenWrites],
  ])('sees %s that', (_group, variants) => {
    const impossible = (breaks: string) => suiteFor().names.some((one) => one.includes(breaks) && IMPOSSIBLE.test(one));
    for (const { fault, breaks, make, limitMs } of variants) {
      it.skipIf(impossible(breaks))(
        fault,
        async () => {
          const outcomes = await suiteFor(make).run({ only: breaks, ...(limitMs && { limitMs }) });
          expect(outcomes.map(({ name }) => name)).toEqual([expect.stringContaining(breaks)]);
          expect(failed(outcomes)).toHaveLength(1);
        },
        30_000,
      );
    }
  });
});
