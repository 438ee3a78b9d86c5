import { AltsError } from '../contracts/errors.ts';
import type { Collector, InstalledPackage } from '../contracts/facts.ts';

/** dpkg-query(1): one line for each architecture of the package. */
const FIELDS = ['Status', 'Version', 'Architecture', 'Essential', 'Protected'];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join('\\t')}\\n`;
/** dpkg-query(1): 1 is "no such package", 2 that it could not be asked. */
const NOT_KNOWN = 1;

/** Asks dpkg for version, architecture and state of the package. */
export const debInstalled: Collector<'package.installed'> = {
  fact: 'package.installed',
  needs: [],
  async collect(environment, _facts, { package: { name, expectedArchitecture } }, { signal }) {
    const { end, stdout, stderr } = await environment.exec(['dpkg-query', '-W', '-f', FORMAT, '--', name], {
      signal,
      env: { LC_ALL: 'C.UTF-8' },
    });
    if (end.type === 'exit' && (end.code === 0 || end.code === NOT_KNOWN)) {
      return parseInstalled(name, Buffer.from(stdout).toString(), expectedArchitecture);
    }
    throw new AltsError('environment_lost', `dpkg-query cannot be asked: ${Buffer.from(stderr).toString().trim()}`);
  },
};

/** Reads a line for each architecture of the package; the one that is expected goes first, then the one installed. */
export function parseInstalled(name: string, text: string, expectedArchitecture?: string): InstalledPackage {
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
  const isInstalled = ([status = '']: readonly string[]) => status.endsWith(' ok installed');
  const found =
    lines.find((line) => line[2] === expectedArchitecture && isInstalled(line)) ?? lines.find(isInstalled) ?? lines[0];
  const [status = 'unknown ok not-installed', version, architecture, essential, isProtected] = found ?? [];
  return {
    name,
    version: version || null,
    architecture: architecture || null,
    status,
    installed: found !== undefined && isInstalled(found),
    essential: essential === 'yes' || isProtected === 'yes',
  };
}
