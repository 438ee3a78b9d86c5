import { EVR } from '../collectors/rpm-query.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Shell, SystemFacts } from '../contracts/package-manager.ts';
import type { TestedPackage } from '../contracts/report.ts';
import { DNF_ENV } from './dnf-command.ts';
import { decodeText, succeeded } from './output-text.ts';

/** Nothing that the tools print has a line like it. */
const NEXT = '--- alts ---';

/** The newest installation of the name, the file that it came from in a cache of dnf 4, dnf 5 or yum, and all repositories. */
const IDENTIFY = `line=$(rpm -q --queryformat '%{INSTALLTIME}\\t${EVR}\\t%{ARCH}\\t%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm\\n' -- "$1" | sort -n | tail -n 1)
printf '%s\\n${NEXT}\\n' "$line"
file=\${line##*	}
find /var/cache/dnf /var/cache/libdnf5 /var/cache/yum -type f -name "*$file" 2>/dev/null | while IFS= read -r path; do
  found=$(rpm -q -p --nosignature --queryformat '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm' "$path" 2>/dev/null)
  if [ "$found" = "$file" ]; then sha256sum "$path"; break; fi
done
echo '${NEXT}'
cat /etc/yum.repos.d/*.repo /etc/distro.repos.d/*.repo 2>/dev/null; :`;

/** Version, architecture, origin and digest of what is installed now; null is what cannot be learnt. */
export async function identify(shell: Shell, name: string): Promise<TestedPackage> {
  const { stdout } = await shell.run(['sh', '-c', IDENTIFY, 'sh', name], {
    reading: true,
    env: DNF_ENV,
    keepBytes: 4 << 20,
  });
  const [line = '', cached = '', repositories = ''] = decodeText(stdout).split(`${NEXT}\n`);
  const [, version, architecture] = line.trim().split('\t');
  if (!version || !architecture) return { name, version: null, architecture: null, origin: null, sha256: null };
  const [, sha256 = null, path = ''] = /^\\?([0-9a-f]{64}) [ *](.*)$/m.exec(cached) ?? [];
  return { name, version, architecture, origin: parseOrigin(path, repositories), sha256 };
}

/**
 * Where a package in a cache came from: the directory is named after the repository, `<id>-<16 hexadecimal digits>` to
 * dnf and `<id>` to yum.
 * @returns `<id> <url>`, or the id alone where its file says no more
 */
export function parseOrigin(path: string, repositories: string): string | null {
  const id = /\/([^/]+?)(?:-[0-9a-f]{16})?\/packages\/[^/]+$/.exec(path)?.[1];
  if (id === undefined) return null;
  const section = repositories.split(/^(?=\[)/m).find((text) => text.startsWith(`[${id}]`)) ?? '';
  const url = /^\s*(?:baseurl|metalink|mirrorlist)\s*=\s*(\S+)/m.exec(section)?.[1];
  return url === undefined ? id : `${id} ${url.replace(/(https?:\/\/)[^/@\s]*@/, '$1')}`;
}

const DESCRIBE = `. /etc/os-release; printf '%s\\n' "$PRETTY_NAME" "$(uname -r)" "$(rpm --eval '%_target_cpu')"
exec rpm -q -a --queryformat '%{NAME} ${EVR}\\n'`;

/** Name, kernel, architecture, and all packages that are there. */
export async function describeSystem(shell: Shell): Promise<SystemFacts> {
  const { stdout, stderr, end } = await shell.run(['sh', '-c', DESCRIBE], {
    reading: true,
    env: DNF_ENV,
    keepBytes: 16 << 20,
  });
  if (!succeeded(end))
    throw new AltsError('environment_lost', `the system cannot be asked: ${decodeText(stderr).trim()}`);
  const [name = '', kernel = '', architecture = '', ...lines] = decodeText(stdout).split('\n');
  const packages = lines
    .map((line) => line.split(' '))
    // Keys of repositories are kept as packages.
    .filter(([packageName]) => packageName && packageName !== 'gpg-pubkey')
    .map(([packageName = '', version = '']) => [packageName, version] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, kernel, architecture, packages: new Map(packages) };
}
