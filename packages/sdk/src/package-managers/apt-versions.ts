import type { AvailableVersion, Shell } from '../contracts/package-manager.ts';
import { APT_ENV } from './apt-command.ts';
import { decodeText } from './output-text.ts';

/** Versions that are looked at, the newest first. */
const MAX_VERSIONS = 200;

/** Nothing that the tools print has a line like it. */
const NEXT = '--- alts ---';

/**
 * The versions that `apt-cache madison` lists, the newest first as apt has them; once of all repositories, with others put
 * in by dpkg(1), --compare-versions, and once without those of the request (`alts-01` and so on), in a cache that is not
 * kept. Then what apt would install: apt_preferences(5).
 */
const VERSIONS = `name=$1; shift
listed() { apt-cache "$@" madison -- "$name" 2>/dev/null |
  awk -F ' *[|] *' '$3 ~ / Packages *$/ && !seen[$2]++ { print $2 }' | head -n ${MAX_VERSIONS}; }
put() { placed=
  while IFS= read -r version; do
    if [ -z "$placed" ] && dpkg --compare-versions "$1" ge "$version"; then
      placed=yes; [ "$1" = "$version" ] || printf '%s\\n' "$1"
    fi
    printf '%s\\n' "$version"
  done
  [ -n "$placed" ] || printf '%s\\n' "$1"; }
all=$(listed); sorted=$all
for also in "$@"; do sorted=$(printf '%s\\n' "$sorted" | sed '/^$/d' | put "$also"); done
printf '%s\\n${NEXT}\\n%s\\n${NEXT}\\n' "$sorted" "$all"
listed -o 'Dir::Ignore-Files-Silently::=^alts-[0-9]' -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
echo '${NEXT}'; apt-cache policy -- "$name" 2>/dev/null | sed -n 's/^  Candidate: //p'`;

/** One exec, whatever the number of versions. */
export async function versions(
  shell: Shell,
  name: string,
  also: readonly string[],
): Promise<readonly AvailableVersion[]> {
  const { stdout } = await shell.run(['sh', '-c', VERSIONS, 'sh', name, ...also], {
    reading: true,
    env: APT_ENV,
    keepBytes: 1 << 20,
  });
  return parseVersions(decodeText(stdout));
}

/** Reads what the script prints: four parts, a version a line. */
export function parseVersions(text: string): AvailableVersion[] {
  const [sorted = [], all = [], distribution = [], candidate = []] = text
    .split(`${NEXT}\n`)
    .map((part) => part.split('\n').filter((line) => line !== ''));
  return sorted.map((version) => ({
    version,
    places: distribution.includes(version) ? ['distribution'] : all.includes(version) ? ['request'] : [],
    candidate: candidate.includes(version),
  }));
}

/** dpkg-query(1), one line for each conffile: path, digest, and perhaps that it is obsolete or to be removed. */
export async function configurationFiles(shell: Shell, name: string): Promise<readonly string[]> {
  const { stdout } = await shell.run(['dpkg-query', '-W', '-f', `\${Conffiles}\\n`, '--', name], {
    reading: true,
    env: APT_ENV,
    keepBytes: 1 << 20,
  });
  return parseConffiles(decodeText(stdout));
}

/** Reads ` /etc/x.conf <md5>[ obsolete][ remove-on-upgrade]`. */
export function parseConffiles(text: string): string[] {
  return [...text.matchAll(/^ (\/.*) (?:[0-9a-f]{32}|newconffile)(?: obsolete)?(?: remove-on-upgrade)?$/gm)].map(
    ([, path = '']) => path,
  );
}
