import { aptInstall, isDebian } from './apt.mjs';
import { findEngine } from './engine-api.mjs';
import { openSocket, runningDockerd, startEngine } from './engine-start.mjs';
import { recordEngine, useEngine } from './engine-users.mjs';
import { withLock } from './lock.mjs';
import { has } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const ELSEWHERE =
  'there is no Docker Engine that answers, and this set-up can install one on Debian and Ubuntu only. ' +
  'Install Docker Engine >= 20.10 or Docker Desktop (https://docs.docker.com/engine/install), or Podman with its ' +
  'service (`systemctl --user start podman.socket`), start it, and run this again.';

async function installEngine() {
  if (!isDebian()) throw new SetupError(ELSEWHERE);
  // Debian 13 has the `docker` program in a package of its own.
  await aptInstall(['docker.io', 'iptables'], { whereKnown: ['docker-cli'] });
}

async function bringUp() {
  let found = await findEngine();
  if (found.denied) {
    await openSocket(found.denied);
    found = await findEngine();
  }
  if (found.address) return { engine: found, said: 'answers' };
  if (found.chosen) {
    throw new SetupError(
      `the Docker Engine that ${found.chosen} names does not answer (${found.tried.join('; ')}): ` +
        'start it, or unset it to use the engine of this machine',
    );
  }
  const installed = runningDockerd() !== undefined || (await has('dockerd'));
  if (!installed) await installEngine();
  const { engine, pid } = await startEngine();
  if (pid) recordEngine(pid);
  return { engine, said: installed ? 'started' : 'installed and started' };
}

/** Finds the Docker Engine, or installs and starts one. Resolves to its address and a word on what was done. */
export function ensureEngine() {
  return withLock('engine', async () => {
    const { engine, said } = await bringUp();
    useEngine();
    return { address: engine.address, said: `${engine.version} ${said}` };
  });
}
