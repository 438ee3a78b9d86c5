/** Operating systems of which Debian has, or had, ports; without one of them in front, it is Linux. */
const SYSTEM = /^(linux|hurd|kfreebsd|knetbsd|netbsd|freebsd|openbsd|darwin|solaris|aix|uclinux|dragonflybsd)-(.+)$/;
/** Processors that are not called like their architecture. */
const PROCESSORS: Readonly<Record<string, string>> = {
  armhf: 'arm',
  armel: 'arm',
  x32: 'amd64',
  powerpcspe: 'powerpc',
};

function parts(architecture: string): readonly [system: string, processor: string] {
  const [, system = 'linux', rest = architecture] = SYSTEM.exec(architecture) ?? [];
  return [system, PROCESSORS[rest] ?? rest];
}

function matchesOne(architecture: string, pattern: string): boolean {
  if (pattern === 'any' || pattern === architecture || pattern === `linux-${architecture}`) return true;
  const [system, processor] = parts(architecture);
  const [, wantedSystem, wantedProcessor] = /^(?:[a-z0-9]+-)??([a-z0-9]+)-([a-z0-9]+)$/.exec(pattern) ?? [];
  if (wantedSystem === undefined || (wantedSystem !== 'any' && wantedProcessor !== 'any')) return false;
  return (
    (wantedSystem === 'any' || wantedSystem === system) && (wantedProcessor === 'any' || wantedProcessor === processor)
  );
}

/**
 * Whether a list of architectures means this one; `all` and an empty list do.
 * Source: Debian Policy 7.1 (`[amd64 arm64]`, `[!hurd-any]`) and 11.1 (wildcards).
 */
export function matchesArchitecture(architecture: string, list: readonly string[]): boolean {
  if (list.length === 0 || list.includes('all')) return true;
  const fits = (pattern: string) => matchesOne(architecture, pattern);
  if (list.every((pattern) => pattern.startsWith('!'))) return !list.some((pattern) => fits(pattern.slice(1)));
  return list.some(fits);
}
