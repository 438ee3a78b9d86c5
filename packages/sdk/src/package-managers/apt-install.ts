import type { AltsError } from '../contracts/errors.ts';
import type { InstallOptions, InstallTarget, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { aptGet } from './apt-command.ts';
import { companions } from './apt-companions.ts';
import { refreshLists } from './apt-prepare.ts';
import { diagnose, runApt } from './apt-run.ts';
import { dpkgWasAtWork } from './classify-dpkg.ts';
import { type EndedCommand, endedCommand, failureOf, succeeded } from './output-text.ts';

/** Lists that came with an image may be older than what the mirror has now. */
const STALE = new Set(['package_not_found', 'version_not_found', 'unmet_dependency', 'repository_unavailable']);

/**
 * Installs the package and what it depends on; lists that are not of today get a second chance. A maintainer script that
 * fails ends the work of dpkg: of scripts there is nothing to say after a success.
 */
export async function install(
  shell: Shell,
  target: InstallTarget,
  options: InstallOptions,
): Promise<Failure | undefined> {
  const first = await attempt(shell, target, options);
  if (first === undefined) return undefined;
  const stale = STALE.has('reason' in first ? first.reason : first.code);
  const result = stale && (await refreshLists(shell)) ? await attempt(shell, target, options) : first;
  if (result instanceof Error) throw result;
  return result;
}

/** Rounds in which a dependency may name the next; a source package has rarely more than three in a row. */
const MAX_ROUNDS = 8;

async function attempt(
  shell: Shell,
  target: InstallTarget,
  { recommends, reinstall, downgrade, exactDependencies, allow }: InstallOptions,
): Promise<Failure | AltsError | undefined> {
  const { name, version, path } = target;
  if (path === undefined && isAmbiguous(name)) {
    const unknown = await assertExactName(shell, name);
    if (unknown) return unknown;
  }
  const exact = path ?? (version === undefined ? name : `${name}=${version}`);
  const flags = [
    recommends ? '--install-recommends' : '--no-install-recommends',
    ...(reinstall ? ['--reinstall'] : []),
    ...(allow?.downgrade || downgrade || exactDependencies ? ['--allow-downgrades'] : []),
    // Without it apt still removes what conflicts, and says so; see apt-get(8), --no-remove.
    ...(allow?.erasing ? [] : ['--no-remove']),
  ];
  const pins = new Map([[name, exact]]);
  for (let round = 1; ; round += 1) {
    const run = await runApt(shell, aptGet('install', flags, [...pins.values()]));
    if (succeeded(run.end)) return notWhatWasAsked(run, name);
    // apt takes the newest of a dependency, although only one version will do: it has to be told.
    if (!exactDependencies || version === undefined || round === MAX_ROUNDS || dpkgWasAtWork(run)) {
      return diagnose(shell, run);
    }
    const more = await companions(shell, run, pins, version);
    if (more.size === 0) return diagnose(shell, run);
    for (const [other, wanted] of more) pins.set(other, `${other}=${wanted}`);
  }
}

/** To apt `x-` means "remove x", and a name with a dot or a plus may be a regular expression. */
function isAmbiguous(name: string): boolean {
  return /[.+-]$|[.+]/.test(name);
}

async function assertExactName(shell: Shell, name: string): Promise<Failure | undefined> {
  const command = ['apt-cache', 'show', '--no-all-versions', '--', name] as const;
  const run = endedCommand(command, await shell.run(command, { reading: true }));
  if (run.stdout.split('\n').includes(`Package: ${name}`)) return undefined;
  return failureOf(run, 'package_not_found', `Unable to locate package ${name}`);
}

/** apt ends with 0 although it did something else, or nothing. */
function notWhatWasAsked(run: EndedCommand, name: string): Failure | undefined {
  const lines = run.stdout.split('\n');
  const chosen = lines.find((line) => line.startsWith('Note, selecting ') && line.includes(`'${name}'`));
  if (chosen && !chosen.startsWith(`Note, selecting '${name}'`)) {
    return failureOf(run, 'package_not_found', `there is no package ${name}, only others in its place: ${chosen}`);
  }
  const kept = lines.find((line) => line.startsWith(`Reinstallation of ${name} is not possible`));
  if (kept && !dpkgWasAtWork(run)) {
    return failureOf(run, 'package_not_found', `${name} is in the base system, but no repository has it: ${kept}`);
  }
  return undefined;
}
