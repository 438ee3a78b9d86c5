import { aptInstall, isDebian } from './apt.mjs';
import { has } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** Programs that tests run on this machine, and Debian's package of each. */
export const UNIT_PROGRAMS = { git: 'git' };
/** `ansible` brings the collection community.docker, which runs `docker`; Debian 13 has that in a package of its own. */
export const DOCKER_PROGRAMS = { 'ansible-playbook': 'ansible', docker: 'docker.io' };
/** `wrk` asks a scheduler as often as it can. */
export const BENCH_PROGRAMS = { wrk: 'wrk' };
const WHERE_KNOWN = { docker: ['docker-cli'] };

/** Installs those that are not there. Resolves to a word on it. */
export async function ensurePrograms(programs) {
  const missing = [];
  for (const program of Object.keys(programs)) if (!(await has(program))) missing.push(program);
  if (missing.length === 0) return 'present';
  if (!isDebian()) throw new SetupError(`please install ${missing.join(', ')}: they are run here`);
  await aptInstall(
    missing.map((program) => programs[program]),
    { whereKnown: missing.flatMap((program) => WHERE_KNOWN[program] ?? []) },
  );
  return `installed ${missing.join(', ')}`;
}
