import type { SnapshotFamily } from './snapshot-script.ts';
import { systemBefore, systemNow } from './take-snapshot.ts';

/**
 * What rpm, dnf 4, dnf 5, yum and the alternatives keep for themselves: rpm(8), FILES; dnf.conf(5), cachedir, persistdir,
 * logdir; alternatives(8).
 */
const OWN_PATHS = [
  '/var/lib/rpm',
  '/usr/lib/sysimage/rpm',
  '/var/lib/dnf',
  '/var/cache/dnf',
  '/usr/lib/sysimage/libdnf5',
  '/var/cache/libdnf5',
  '/var/lib/yum',
  '/var/cache/yum',
  '/var/log/dnf*.log*',
  '/var/log/hawkey.log*',
  '/var/log/yum.log*',
  '/var/lib/alternatives',
  '/var/lib/dpkg/alternatives',
];

/** Alternatives are those of chkconfig's alternatives(8), or, where that is there, Debian's of the same format. */
const rpm: SnapshotFamily = {
  ownPaths: OWN_PATHS,
  registers: `section packages; rpm -qa --qf '%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE} %{ARCH}\\n'; printf '\\0'
section alternatives; head -v -c 65536 /var/lib/alternatives/* /var/lib/dpkg/alternatives/* | tr -d '\\000'; printf '\\0'
`,
  listing: `rpm -qa --qf '==> %{NAME}.list <==\\n[%{FILENAMES}\\n]'`,
  packageOf: (line) => /^==> (\S+)\.list <==$/.exec(line)?.[1],
};

export const rpmSystemBefore = systemBefore(rpm);
export const rpmSystemNow = systemNow(rpm);
