import { AltsError } from '../contracts/errors.ts';
import type { Shell, SystemFacts } from '../contracts/package-manager.ts';
import type { TestedPackage } from '../contracts/report.ts';
import { APT_ENV } from './apt-command.ts';
import { parsePolicy, parseSha256 } from './apt-policy.ts';
import { decodeText, succeeded } from './output-text.ts';

/** Nothing that the tools print has a line like it. */
const NEXT = '--- alts ---';

const IDENTIFY = `dpkg-query -W -f='\${db:Status-Status}\\t\${Version}\\t\${Architecture}\\n' -- "$1"
echo '${NEXT}'; apt-cache policy -- "$1"
echo '${NEXT}'; apt-cache show -- "$1"; :`;

/** Version, architecture, origin and digest of what is installed now; null is what cannot be learnt. */
export async function identify(shell: Shell, name: string): Promise<TestedPackage> {
  const { stdout } = await shell.run(['sh', '-c', IDENTIFY, 'sh', name], {
    reading: true,
    env: APT_ENV,
    keepBytes: 1 << 20,
  });
  const [status = '', policy = '', show = ''] = decodeText(stdout).split(`${NEXT}\n`);
  const installed = status.split('\n').map((line) => line.split('\t'));
  const [, version, architecture] = installed.find(([word]) => word === 'installed') ?? installed[0] ?? [];
  if (!version || !architecture) return { name, version: null, architecture: null, origin: null, sha256: null };
  return {
    name,
    version,
    architecture,
    origin: parsePolicy(policy, version),
    sha256: parseSha256(show, version, architecture),
  };
}

const DESCRIBE = `. /etc/os-release; printf '%s\\n' "$PRETTY_NAME" "$(uname -r)" "$(dpkg --print-architecture)"
exec dpkg-query -W -f='\${db:Status-Status} \${Package} \${Version}\\n'`;

/** Name, kernel, architecture, and all packages that are there. */
export async function describeSystem(shell: Shell): Promise<SystemFacts> {
  const { stdout, stderr, end } = await shell.run(['sh', '-c', DESCRIBE], {
    reading: true,
    env: APT_ENV,
    keepBytes: 16 << 20,
  });
  if (!succeeded(end))
    throw new AltsError('environment_lost', `the system cannot be asked: ${decodeText(stderr).trim()}`);
  const [name = '', kernel = '', architecture = '', ...lines] = decodeText(stdout).split('\n');
  const packages = lines
    .map((line) => line.split(' '))
    .filter(([status]) => status === 'installed')
    .map(([, packageName = '', version = '']) => [packageName, version] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, kernel, architecture, packages: new Map(packages) };
}
