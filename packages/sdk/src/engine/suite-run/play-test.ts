import type { OutputChunk } from '../../contracts/environment.ts';
import type { PlannedTest } from '../../contracts/suite-plan.ts';
import type { PlayResult } from '../../contracts/test-suites.ts';
import { required } from '../test-state.ts';
import type { Deadline } from '../time-limit.ts';
import { decodeLines } from './decode-lines.ts';
import type { SuiteRun } from './suite-run.ts';

export interface HowToPlay {
  readonly variables: Readonly<Record<string, string>>;
  readonly within: Deadline;
  readonly listen: (chunk: OutputChunk) => Promise<void>;
}

/** When this very shell was started, in ticks since the machine was; proc(5), the fields after the name in brackets. */
const NOW = `read -r line < /proc/$$/stat; set -- \${line##*) }; echo "\${20}"`;

/**
 * Kills what was started after that tick. Not by group or mark: what ansible starts through its connection has none of
 * ours. Where a playbook did not end, what it started in the environment is of no use to anybody. Positional: the tick.
 */
const KILL_SINCE = `
since=$1 rounds=0
while [ $rounds -lt 20 ]; do
  rounds=$((rounds+1)) pids=
  for dir in /proc/[0-9]*; do
    pid=\${dir#/proc/} line=
    case " 1 $$ $PPID " in *" $pid "*) continue ;; esac
    { IFS= read -r line < "$dir/stat"; } 2>/dev/null || continue
    set -- \${line##*) }
    case $1 in ''|Z|X) continue ;; esac
    [ "$2" != $$ ] && [ "\${20:-0}" -gt "$since" ] && pids="$pids $pid"
  done
  [ -n "$pids" ] || exit 0
  kill -KILL $pids 2>/dev/null
done
exit 1`;

/** Runs a playbook once. One that is stopped at its limit leaves no process, here or in the environment. */
export async function playTest(
  { context: { plan, shell, state }, suite }: SuiteRun,
  { command: [playbook] }: PlannedTest,
  { variables, within, listen }: HowToPlay,
): Promise<PlayResult> {
  const inventory = required(required(state.environment, 'the environment').inventory, 'the inventory');
  const { stdout } = await shell.run(['sh', '-c', NOW], { reading: true });
  const [since = ''] = decodeLines(stdout);
  const result = await shell.runHere(['ansible-playbook', playbook], { within, listen }, (how) =>
    plan.parts.suites.play({ suite, playbook, inventory, variables, ...how }),
  );
  if ('end' in result && result.end.type === 'time-limit' && /^\d+$/.test(since)) {
    await shell.run(['sh', '-c', KILL_SINCE, 'sh', since], { reading: true });
  }
  return result;
}
