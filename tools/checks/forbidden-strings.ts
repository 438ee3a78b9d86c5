import type { Check } from './repository.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly where: (file: string) => boolean;
  readonly message: string;
}

const everywhere = () => true;
const inSdk = (file: string) => file.startsWith('packages/sdk/');

/** Host names are split here, so that this file does not hold what it forbids. */
const host = (...labels: readonly string[]) => labels.join('\\.');
const REGISTRIES = [
  host('registry', 'npmjs', 'org'),
  host('registry-1', 'docker', 'io'),
  host('index', 'docker', 'io'),
  host('deb', 'debian', 'org'),
  host('(?:ftp|security|snapshot|archive)', 'debian', 'org'),
  host('(?:archive|security|ports)', 'ubuntu', 'com'),
  host('repo', 'almalinux', 'org'),
];

const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(`\\b(?:${REGISTRIES.join('|')})\\b`, 'i'),
    where: everywhere,
    message: 'names the host of a package registry or mirror: take it from the configuration, or use mirror.example',
  },
  {
    pattern: new RegExp(
      `(?<![\\w.])/(?:${['work', 'home', 'Users'].join('|')})/(?:main|shared|[a-z]+/(?:src|projects?))\\b`,
    ),
    where: everywhere,
    message: 'names a path of one machine',
  },
  {
    pattern: new RegExp(['docker', 'ode'].join('')),
    where: inSdk,
    message: 'the SDK knows no backend and none of its libraries',
  },
  {
    pattern: /"resolved": "https?:/,
    where: (file) => file.endsWith('package-lock.json'),
    message: 'has the address of one registry: npm install with omit-lockfile-registry-resolved (.npmrc) leaves it out',
  },
];

/** Strings that must not be in any file, with the place of the first in each. */
export const forbiddenStrings: Check = function* ({ files, text }) {
  for (const file of files) {
    const content = text(file) ?? '';
    // A binary file: pictures, archives.
    if (content.includes('\0')) continue;
    for (const { pattern, where, message } of RULES) {
      if (!where(file)) continue;
      const found = pattern.exec(content);
      if (found) {
        const line = content.slice(0, found.index).split('\n').length;
        yield { file: `${file}:${line}`, message: `${JSON.stringify(found[0])} ${message}` };
      }
    }
  }
};
