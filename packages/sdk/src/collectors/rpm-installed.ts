import { AltsError } from '../contracts/errors.ts';
import type { Collector, InstalledPackage } from '../contracts/facts.ts';
import { EVR, withoutZeroEpoch } from './rpm-query.ts';

/** rpm(8): one line for each installation of the name; then the packages that dnf and yum protect, dnf.conf(5). */
const SCRIPT = `rpm -q --queryformat '%{INSTALLTIME}\\t%{NAME}\\t${EVR}\\t%{ARCH}\\n' -- "$1"
echo protected
cat /etc/dnf/protected.d/*.conf /etc/yum/protected.d/*.conf 2>/dev/null; :`;

/** What dnf protects besides: itself. */
const ALWAYS_PROTECTED = ['dnf', 'dnf5', 'yum'];

/** Asks rpm for version and architecture of the package. */
export const rpmInstalled: Collector<'package.installed'> = {
  fact: 'package.installed',
  needs: [],
  async collect(environment, _facts, { package: wanted }, { signal }) {
    const { end, stdout, stderr } = await environment.exec(['sh', '-c', SCRIPT, 'sh', wanted.name], {
      signal,
      env: { LC_ALL: 'C.UTF-8' },
    });
    if (end.type === 'exit' && end.code === 0) return parseInstalled(wanted, Buffer.from(stdout).toString());
    throw new AltsError('environment_lost', `rpm cannot be asked: ${Buffer.from(stderr).toString().trim()}`);
  },
};

interface Wanted {
  readonly name: string;
  readonly expectedVersion?: string | undefined;
  readonly expectedArchitecture?: string | undefined;
}

interface Installation {
  readonly time: number;
  readonly version: string;
  readonly architecture: string;
}

/** Reads what the script prints. Of several installations (kernels, libraries for 32 bit) the expected one, else the last. */
export function parseInstalled(wanted: Wanted, text: string): InstalledPackage {
  const { name, expectedVersion, expectedArchitecture } = wanted;
  const [list = '', names = ''] = text.split(/^protected$/m);
  const all = parseInstallations(list, name);
  const isVersion = ({ version }: Installation) => [version, ...synonyms(version)].includes(expectedVersion ?? '');
  const isArchitecture = ({ architecture }: Installation) => architecture === expectedArchitecture;
  const found =
    all.find((one) => isVersion(one) && isArchitecture(one)) ??
    all.find(isVersion) ??
    all.find(isArchitecture) ??
    all[0];
  const guarded = new Set([...ALWAYS_PROTECTED, ...names.split('\n').map((line) => line.trim())]);
  return {
    name,
    version: found?.version ?? null,
    ...(found ? { versionSynonyms: synonyms(found.version) } : {}),
    architecture: found?.architecture ?? null,
    status: found ? 'installed' : 'not-installed',
    installed: found !== undefined,
    essential: guarded.has(name),
  };
}

/** The last first. */
function parseInstallations(list: string, name: string): Installation[] {
  return list
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, found]) => found === name)
    .map(([time, , version = '', architecture = '']) => ({
      time: Number(time),
      version: withoutZeroEpoch(version),
      architecture,
    }))
    .sort((a, b) => b.time - a.time);
}

/** People write the version of an rpm without its epoch. */
function synonyms(version: string): string[] {
  const bare = version.replace(/^\d+:/, '');
  return bare === version ? [`0:${version}`] : [bare];
}
