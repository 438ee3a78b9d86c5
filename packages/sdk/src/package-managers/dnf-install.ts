import type { Done, InstallOptions, InstallTarget, Shell } from '../contracts/package-manager.ts';
import type { Failure } from '../contracts/report.ts';
import { DNF_ENV, type Dnf, dnfCommand, findDnf } from './dnf-command.ts';
import { explain, runDnf } from './dnf-run.ts';
import { decodeText, type EndedCommand, failureOf, succeeded } from './output-text.ts';
import { failedScriptlets } from './rpm-scriptlets.ts';

/** Installs the package and what it depends on. */
export async function install(shell: Shell, target: InstallTarget, options: InstallOptions): Promise<Failure | Done> {
  const dnf = await findDnf(shell);
  const { name, path } = target;
  const spec = path ?? packageSpec(dnf, target);
  const flags = installFlags(dnf, options);
  if (options.reinstall && !options.allow?.downgrade) {
    const refused = await refuseDowngrade(shell, dnf, [...flags, spec], name);
    if (refused) return refused;
  }
  const verb = options.downgrade ? 'downgrade' : 'install';
  let run = await runDnf(shell, dnfCommand(dnf, [verb, ...flags], [spec]));
  if (succeeded(run.end) && options.reinstall && nothingWasDone(run)) {
    run = await runDnf(shell, dnfCommand(dnf, ['reinstall', ...flags], [spec]));
    if (!succeeded(run.end) && isNowhere(run)) {
      return failureOf(run, 'package_not_found', `${name} is in the base system, but no repository has it`);
    }
  }
  if (!succeeded(run.end)) return knownUnderOtherVersions(shell, dnf, target, await explain(shell, run));
  return (await notWhatWasAsked(shell, run, name)) ?? { scriptlets: failedScriptlets(run) };
}

/** dnf(8), "Specifying Packages": `name-[epoch:]version-release`; to yum the epoch comes first. */
export function packageSpec({ generation }: Dnf, { name, version }: InstallTarget): string {
  if (version === undefined) return name;
  const [, epoch, rest] = /^(?:(\d+):)?(.*)$/.exec(version) ?? [];
  if (epoch === undefined) return `${name}-${version}`;
  return generation === 'yum3' ? `${epoch}:${name}-${rest}` : `${name}-${version}`;
}

function installFlags({ generation }: Dnf, { recommends, allow }: InstallOptions): string[] {
  // yum 3 knows neither: it has no weak dependencies, and never erases for the sake of an installation.
  if (generation === 'yum3') return [];
  return [...(recommends ? ['--setopt=install_weak_deps=1'] : []), ...(allow?.erasing ? ['--allowerasing'] : [])];
}

/** `install` of an older version is a downgrade, and nobody is asked: so it is looked at first. */
async function refuseDowngrade(
  shell: Shell,
  dnf: Dnf,
  operands: readonly string[],
  name: string,
): Promise<Failure | undefined> {
  const [program, ...args] = dnfCommand(dnf, ['install'], operands);
  const run = await runDnf(shell, [program, ...args.filter((arg) => arg !== '-y'), '--assumeno']);
  if (!/^Downgrading:/m.test(run.stdout)) return undefined;
  const message = `a newer ${name} is part of the base system, and allow.downgrade was not said`;
  return failureOf(run, 'conflict', message);
}

function nothingWasDone({ stdout }: EndedCommand): boolean {
  return /^Nothing to do\.?$/im.test(stdout);
}

function isNowhere({ stdout, stderr }: EndedCommand): boolean {
  return /not available|No packages marked for reinstall|No match for argument|Nothing to do|not found in repositories/i.test(
    `${stdout}\n${stderr}`,
  );
}

/** A name that nobody has, or one that has other versions. */
async function knownUnderOtherVersions(
  shell: Shell,
  dnf: Dnf,
  { name, version, path }: InstallTarget,
  failure: Failure,
): Promise<Failure> {
  if (failure.reason !== 'package_not_found' || version === undefined || path !== undefined) return failure;
  const [program, ...args] = dnfCommand(dnf, ['list', '--showduplicates'], [name]);
  const { stdout } = await shell.run([program, '-C', ...args], { reading: true, env: DNF_ENV });
  const versions = [...decodeText(stdout).matchAll(/^(\S+)\.[^.\s]+\s+(\S+)\s/gm)]
    .filter(([, found]) => found === name)
    .map(([, , found = '']) => found);
  if (versions.length === 0) return failure;
  const known = [...new Set(versions)].slice(-5).join(', ');
  return {
    ...failure,
    reason: 'version_not_found',
    message: `no repository has ${name} ${version}; there is ${known}`,
  };
}

/** dnf ends with 0 although it installed a package that provides the name, or understood the name as name and version. */
async function notWhatWasAsked(shell: Shell, run: EndedCommand, name: string): Promise<Failure | undefined> {
  const query = ['rpm', '-q', '--queryformat', '%{NAME}\\n', '--', name] as const;
  const { stdout } = await shell.run(query, { reading: true, env: DNF_ENV });
  if (decodeText(stdout).split('\n').includes(name)) return undefined;
  return failureOf(run, 'package_not_found', `there is no package ${name}, only others in its place`);
}
