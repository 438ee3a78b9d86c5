import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { asRoot, isRoot, runAsRoot } from './apt.mjs';
import { DEFAULT_SOCKET } from './engine-address.mjs';
import { findEngine } from './engine-api.mjs';
import { nameOf } from './process-identity.mjs';
import { machineEnvironment, stateFile } from './repository.mjs';
import { has, must, run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const LIMIT_MS = 60_000;
const PID_FILES = { dockerd: '/var/run/docker.pid', containerd: '/var/run/docker/containerd/containerd.pid' };
const LOG = stateFile('dockerd.log'); // /var/log is not ours when we are not root

const pidIn = (file) => {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
};

/** The running dockerd of this machine, whether it answers or not. */
export function runningDockerd() {
  const pid = pidIn(PID_FILES.dockerd);
  return pid && nameOf(pid) === 'dockerd' ? pid : undefined;
}

/** A killed engine leaves its pid files; when another process has got the number since, the engine does not start. */
async function removeStalePidFiles() {
  // In a shell, because only root sees into the second one's folder.
  const script = '[ ! -f "$2" ] || [ "$(cat "/proc/$(cat "$2")/comm" 2>/dev/null)" = "$1" ] || rm -f "$2"';
  for (const [name, file] of Object.entries(PID_FILES)) {
    await runAsRoot('removing a stale pid file', 'sh', ['-c', script, 'sh', name, file]);
  }
}

/** Lets this user speak to the engine, until the socket is made anew; the group that may do so keeps its right. */
export async function openSocket(socket) {
  const { username, uid } = userInfo();
  if (await has('setfacl')) await runAsRoot('opening the socket', 'setfacl', ['-m', `u:${username}:rw`, socket]);
  else await runAsRoot('opening the socket', 'chown', [String(uid), socket]);
}

async function groupName() {
  return (await must('id', 'id', ['-gn'], { env: machineEnvironment() })).trim();
}

/** Detached, so that it outlives us and a Ctrl-C on our terminal. */
async function spawnDockerd() {
  await removeStalePidFiles();
  const group = isRoot() ? [] : ['-G', await groupName()];
  const [program, args] = await asRoot('dockerd', ['--pidfile', PID_FILES.dockerd, ...group]);
  const log = openSync(LOG, 'w');
  const child = spawn(program, args, {
    cwd: '/',
    env: machineEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  const state = { ended: false };
  child.on('error', () => {
    state.ended = true;
  });
  child.on('exit', () => {
    state.ended = true;
  });
  child.unref();
  return state;
}

async function lastLines(systemd) {
  if (!systemd) return readFileSync(LOG, 'utf8').split('\n').slice(-30).join('\n');
  const args = ['-u', 'docker', '-n', '30', '--no-pager'];
  return (await run('journalctl', args, { env: machineEnvironment(), timeoutMs: 10_000 })).output;
}

/** Resolves to the engine once it answers; `state.ended` cuts the wait short. */
async function waitForEngine(state, systemd) {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await findEngine();
    if (found.address) return found;
    if (found.denied) await openSocket(found.denied);
    if (state.ended || Date.now() > deadline) {
      const why = state.ended ? 'it ended at once' : `it did not answer within ${LIMIT_MS / 1000} s`;
      const where = systemd ? 'journalctl -u docker' : LOG;
      throw new SetupError(`the Docker Engine could not be started: ${why}; the last lines of ${where} are above`, {
        output: await lastLines(systemd),
      });
    }
    await delay(200);
  }
}

/** Starts the installed engine: `{ engine, pid }`, the pid only of a dockerd that is ours to stop again. */
export async function startEngine() {
  const systemd = existsSync('/run/systemd/system');
  if (systemd) {
    await runAsRoot('starting Docker', 'systemctl', ['start', 'docker']);
    return { engine: await waitForEngine({ ended: false }, true) };
  }
  // On its way up, or hanging: a second one could not start beside it.
  if (runningDockerd()) return { engine: await waitForEngine({ ended: false }, false) };
  const engine = await waitForEngine(await spawnDockerd(), false);
  return { engine, pid: engine.address.socketPath === DEFAULT_SOCKET ? runningDockerd() : undefined };
}
