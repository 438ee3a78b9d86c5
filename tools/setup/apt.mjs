import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { machineEnvironment } from './repository.mjs';
import { has, must, run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const LISTS = '/var/lib/apt/lists';
const OPTIONS = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];

export const isRoot = () => process.getuid?.() === 0;

/** Debian, Ubuntu and what is made of them. */
export const isDebian = () => existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

export function isUbuntu() {
  try {
    return /^ID(_LIKE)?=.*ubuntu/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** The command as root runs it: by sudo where we are not root. */
export async function asRoot(command, args) {
  if (isRoot()) return [command, args];
  if (!(await has('sudo'))) throw new SetupError(`root is needed for: ${[command, ...args].join(' ')}`);
  return ['sudo', [command, ...args]];
}

export async function runAsRoot(what, command, args, options) {
  const [program, all] = await asRoot(command, args);
  return must(what, program, all, { env: machineEnvironment(), ...options });
}

const aptGet = (...args) =>
  runAsRoot('apt-get', 'env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...OPTIONS, ...args]);

const hasLists = () =>
  existsSync(LISTS) && readdirSync(LISTS).some((file) => file.endsWith('_Packages') || file.endsWith('.lz4'));

const knows = async (name) => {
  const { output } = await run('apt-cache', ['policy', name], { env: machineEnvironment() });
  return /Candidate: (?!\(none\))/.test(output);
};

/** Installs packages; the lists are fetched when there are none, or when they prove to be old. */
export async function aptInstall(names, { whereKnown = [] } = {}) {
  const fresh = !hasLists();
  if (fresh) await aptGet('update');
  const optional = [];
  for (const name of whereKnown) if (await knows(name)) optional.push(name);
  const install = () => aptGet('install', '--no-install-recommends', ...names, ...optional);
  try {
    await install();
  } catch (error) {
    if (fresh) throw error;
    await aptGet('update');
    await install();
  }
}
