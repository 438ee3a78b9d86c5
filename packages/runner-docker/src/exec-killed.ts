import { AltsError, type ExecEnd } from '@alts/sdk/plugin';
import { demux } from './demux.ts';
import type { EngineContainer } from './docker-engine.ts';
import { whyLost } from './exec-end.ts';

/** SIGKILL, or what the engine gives for a process that went with its container. */
const KILLED = 137;

export function mayBeLost(end: ExecEnd): boolean {
  return end.type === 'exit' ? end.code === KILLED : end.type === 'signal' && end.signal === 'SIGKILL';
}

/**
 * How many processes of the container were killed for want of memory, by cgroup v2 or v1. Asked inside, for engines do
 * not say it: `State.OOMKilled` is about the main process, and the event `oom` does not come on every kernel.
 */
const COUNT_SCRIPT = `
for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  [ -r "$file" ] || continue
  while read -r key value; do [ "$key" != oom_kill ] || echo "$value"; done < "$file"
done
exit 0`;

/** The count when it was last looked at. */
const counts = new WeakMap<EngineContainer, number>();

/** Undefined when the container does not answer. Where there is no count, it is 0. */
async function countOutOfMemory(container: EngineContainer): Promise<number | undefined> {
  const exec = await container.exec({ Cmd: ['/bin/sh', '-c', COUNT_SCRIPT], User: '0', AttachStdout: true });
  let said = '';
  for await (const { bytes } of demux(await exec.start({ hijack: true, stdin: false }))) {
    said = `${said}${bytes}`.slice(0, 100);
  }
  const { ExitCode, Running } = await exec.inspect();
  return Running || ExitCode !== 0 ? undefined : Number.parseInt(said, 10) || 0;
}

/**
 * A command that was killed may have gone with its container, or for want of memory. Asks by running a command: while
 * a container is on its way out, the engine still says for a moment that it runs.
 * @throws {AltsError} `environment_lost`, `out_of_memory`
 */
export async function assertNotLost(container: EngineContainer): Promise<void> {
  const count = await countOutOfMemory(container);
  if (count === undefined) throw await whyLost(container, new Error('the command went with its container'));
  const before = counts.get(container) ?? 0;
  counts.set(container, count);
  if (count > before) {
    throw new AltsError('out_of_memory', 'the environment ran out of memory, and a command was killed for it');
  }
}
