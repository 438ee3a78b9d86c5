import type { Argv, Environment } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Shell } from '../contracts/package-manager.ts';
import { decodeText } from './output-text.ts';

/** What is spoken to: dnf 4 and 5, or the yum of Enterprise Linux 7. What they do differently is decided by the generation. */
export interface Dnf {
  readonly program: string;
  readonly generation: 'dnf5' | 'dnf4' | 'yum3';
}

/** Messages that can be read by a program; a system without that locale takes its default, C. */
export const DNF_ENV = { LC_ALL: 'C.UTF-8' } as const;

/** Where ALTS keeps what it brings into an environment. */
export const ALTS_DIRECTORY = '/var/cache/alts';

/** The name that the program has after all links: `dnf` leads to `dnf-3` (version 4) or `dnf5`. */
const FIND = `for name in dnf5 dnf yum microdnf zypper; do
  path=$(command -v "$name") && printf '%s %s\\n' "$name" "$(readlink -f "$path")"
done; :`;

const found = new WeakMap<Environment, Promise<Dnf>>();

/**
 * Finds the package manager, once for each environment.
 * @throws {AltsError} `not_supported` for zypper, microdnf, or none at all
 */
export function findDnf(shell: Shell): Promise<Dnf> {
  const known = found.get(shell.environment);
  if (known) return known;
  const asked = shell
    .run(['sh', '-c', FIND], { reading: true, env: DNF_ENV })
    .then(({ stdout }) => chooseDnf(decodeText(stdout)));
  found.set(shell.environment, asked);
  return asked;
}

/** Reads `<name> <path after all links>`, one a line. */
export function chooseDnf(text: string): Dnf {
  const programs = new Map([...text.matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', path = '']) => [name, path]));
  for (const program of ['dnf5', 'dnf', 'yum']) {
    const end = programs.get(program)?.replace(/^.*\//, '');
    if (end === undefined) continue;
    const generation = end === 'dnf5' ? 'dnf5' : end.startsWith('dnf') ? 'dnf4' : 'yum3';
    return { program, generation };
  }
  const other = ['zypper', 'microdnf'].find((name) => programs.has(name));
  throw new AltsError(
    'not_supported',
    other ? `the system has ${other}, which is not supported; dnf and yum are` : 'the system has neither dnf nor yum',
  );
}

/** The same for every call; dnf.conf(5), yum.conf(5). */
const SETTINGS = [
  // Container images leave out documentation; a package is tested with all of its files.
  'tsflags=',
  // A repository that cannot be reached is an error, never silence.
  'skip_if_unavailable=0',
  '*.skip_if_unavailable=0',
  'timeout=30',
  'retries=3',
  // What was installed is looked at afterwards: its digest is that of the file.
  'keepcache=1',
  // What the package needed stays, as with apt: it says nothing of the package.
  'clean_requirements_on_remove=0',
];
const SETTINGS_DNF = ['install_weak_deps=0', 'color=never'];

/** A call that asks no questions. None of the operands may begin with "-": names, versions and paths never do. */
export function dnfCommand(dnf: Dnf, verb: readonly string[], operands: readonly string[] = []): Argv {
  const settings = dnf.generation === 'yum3' ? SETTINGS : [...SETTINGS, ...SETTINGS_DNF];
  return [dnf.program, '-y', ...settings.map((setting) => `--setopt=${setting}`), ...verb, ...operands];
}
