import { constants } from 'node:os';
import type { Argv, ExecEnd } from '@alts/sdk/plugin';

/** The variable by which what a command started is known, daemons in sessions of their own included. */
export const MARK_VARIABLE = 'ALTS_EXEC';

/**
 * Says the id of its session on stderr, then becomes the command. Positional: LC_ALL of the command, the command.
 * The locale is set this late so that setsid(1) speaks English, whatever the command is to speak.
 */
const BEGIN_SCRIPT = 'echo $$ >&2; LC_ALL=$1; export LC_ALL; shift; exec "$@"';

/** How a command gets its session: by setsid(1) of util-linux, or where there is none, that which the engine gives. */
export type Wrapping = 'setsid' | 'sh';

/**
 * The command in a session of its own. `setsid --wait` is what tells a signal from an exit code: it says "did not exit
 * normally" and exits with the number of the signal, where sh and the engine make 137 of both.
 */
export function wrap(wrapping: Wrapping, command: Argv, locale: string): string[] {
  const shell = ['/bin/sh', '-c', BEGIN_SCRIPT, 'sh', locale, ...command];
  return wrapping === 'setsid' ? ['setsid', '-w', ...shell] : shell;
}

/** wait(2): a core was dumped. */
const CORE_FLAG = 0x80;
/** sh(1): how a shell, and the engine, write a signal as an exit code. */
const SIGNALLED = 128;

function signalEnd(number: number): ExecEnd {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return { type: 'signal', signal: found?.[0] ?? `SIG${number}` };
}

/**
 * How a command ended.
 * @param abnormal setsid said so: the code is a raw wait status
 */
export function readEnd(wrapping: Wrapping, code: number, abnormal: boolean): ExecEnd {
  if (wrapping === 'setsid') return abnormal ? signalEnd(code & ~CORE_FLAG) : { type: 'exit', code };
  // Without setsid the two cannot be told apart; a signal is what it nearly always is.
  return code > SIGNALLED ? signalEnd(code - SIGNALLED) : { type: 'exit', code };
}

/**
 * Kills a command with all that came from it: whatever is in its session or group, carries its mark, or is a child of
 * one of those; then what is in the sessions of those, for a daemon that changed its user hides its environment.
 * All are stopped before any is killed, so that none can start another meanwhile or lose its parent. Shell builtins
 * only: where the limit on processes is reached, nothing can be forked. Positional: mark, session.
 */
export const KILL_SCRIPT = `
mark=$1 sessions=" $2 " rounds=0
while [ $rounds -lt 100 ]; do
  rounds=$((rounds+1)) pids=' ' new=yes
  while [ -n "$new" ]; do
    new=
    for dir in /proc/[0-9]*; do
      pid=\${dir#/proc/} stat= hit=
      case "$pids 1 $$ " in *" $pid "*) continue ;; esac
      { while IFS= read -r line || [ -n "$line" ]; do stat="$stat $line"; done < "$dir/stat"; } 2>/dev/null || continue
      set -- \${stat##*) }
      case $1 in ''|Z|X) continue ;; esac
      case $sessions in *" $3 "*|*" $4 "*) hit=yes ;; esac
      case $pids in *" $2 "*) hit=yes ;; esac
      [ -n "$hit" ] || { while IFS= read -r line || [ -n "$line" ]; do
        case $line in *"$mark"*) hit=yes; break ;; esac
      done < "$dir/environ"; } 2>/dev/null
      [ -n "$hit" ] || continue
      kill -STOP "$pid" 2>/dev/null
      pids="$pids$pid " new=yes
      case "$4$sessions" in 0*|1\\ *) ;; *) sessions="$sessions$4 " ;; esac
    done
  done
  [ "$pids" != ' ' ] || exit 0
  kill -KILL $pids 2>/dev/null
done
exit 1`;
