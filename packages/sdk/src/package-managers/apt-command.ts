import type { Argv } from '../contracts/environment.ts';

/** No questions, no pagers, messages that can be read by a program. */
export const APT_ENV = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
  APT_LISTCHANGES_FRONTEND: 'none',
  LC_ALL: 'C.UTF-8',
} as const;

/** Where ALTS keeps what it brings into an environment for apt. */
export const ALTS_DIRECTORY = '/var/cache/alts';

/** The same for every call; each is a line of `apt-config dump`, see apt.conf(5). */
const SETTINGS = [
  'APT::Get::Assume-Yes=true',
  // Error-Mode came with apt 2.1.4; the output is looked through as well.
  'APT::Update::Error-Mode=any',
  'Acquire::Retries=3',
  'Acquire::http::Timeout=30',
  'Acquire::https::Timeout=30',
  // Translations of descriptions are a third of what an update fetches.
  'Acquire::Languages=none',
  // A machine that just started may be at its own updates.
  'DPkg::Lock::Timeout=60',
  'Dpkg::Use-Pty=0',
  // The maintainer's version where the file was not changed, else the one that is there: dpkg(1), --force-confdef.
  'Dpkg::Options::=--force-confdef',
  'Dpkg::Options::=--force-confold',
  // Slim images leave out documentation; a package is tested with all of its files.
  'Dpkg::Options::=--path-include=/*',
  // The system is thrown away: no fsync for each file.
  'Dpkg::Options::=--force-unsafe-io',
];

/** For what concerns installed packages only: to read the lists takes ten times longer, and leaves a cache behind. */
export const WITHOUT_LISTS: readonly string[] = [
  'Dir::State::Lists=/var/lib/dpkg/alts-no-lists',
  'Dir::Cache::pkgcache=',
  'Dir::Cache::srcpkgcache=',
].flatMap((setting) => ['-o', setting]);

/** A call of apt-get that asks no questions. What follows `--` cannot become an option. */
export function aptGet(verb: string, options: readonly string[], operands: readonly string[] = []): Argv {
  const settings = SETTINGS.flatMap((setting) => ['-o', setting]);
  return ['apt-get', '-q', ...settings, verb, ...options, ...(operands.length > 0 ? ['--', ...operands] : [])];
}
