import type { SnapshotFamily } from './snapshot-script.ts';
import { systemBefore, systemNow } from './take-snapshot.ts';

/** What dpkg, apt and debconf keep for themselves: dpkg(1), FILES; apt-get(8), FILES; debconf.conf(5). */
const OWN_PATHS = [
  '/var/lib/dpkg',
  '/var/log/dpkg.log',
  '/var/log/alternatives.log',
  '/var/lib/apt',
  '/var/cache/apt',
  '/var/log/apt',
  '/var/cache/debconf',
];

/** dpkg has a file `<package>[:<architecture>].list` for each package; of a removed one it lists the conffiles. */
const deb: SnapshotFamily = {
  ownPaths: OWN_PATHS,
  registers: `section packages; dpkg-query -W -f '\${db:Status-Status}\\t\${Package}\\t\${Version} \${Architecture}\\n' |
  sed -n 's/^\\(installed\\|triggers-[a-z]*\\)\\t//p'; printf '\\0'
section alternatives; head -v -c 65536 /var/lib/dpkg/alternatives/* | tr -d '\\000'; printf '\\0'
section diversions; tr -d '\\000' < /var/lib/dpkg/diversions; printf '\\0'
section overrides; tr -d '\\000' < /var/lib/dpkg/statoverride; printf '\\0'
`,
  listing: 'cd /var/lib/dpkg/info && tail -v -n +1 -- *.list',
  packageOf: (line) => /^==> ([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?\.list <==$/.exec(line)?.[1],
};

export const debSystemBefore = systemBefore(deb);
export const debSystemNow = systemNow(deb);
