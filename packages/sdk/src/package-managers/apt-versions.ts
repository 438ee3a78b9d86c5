import type { AvailableVersion, Shell } from '../contracts/package-manager.ts';
import { ALTS_DIRECTORY, APT_ENV } from './apt-command.ts';
import { decodeText } from './output-text.ts';

/** Versions that are looked at, the newest first. */
const MAX_VERSIONS = 200;

/** Nothing that the tools print has a line like it. */
const NEXT = '--- alts ---';

/** Links to the distribution's own lists of sources; not part of the system that is compared. */
const SOURCES = `${ALTS_DIRECTORY}/sources.list.d`;

/**
 * The versions in the version table of apt-cache(8), policy, the newest first as apt has them: once of all repositories,
 * with others put in by dpkg(1), --compare-versions, and once without those of the request (`alts-01` and so on), where
 * there are any, in a cache that is not kept. Then what apt would install: apt_preferences(5).
 */
const VERSIONS = `name=$1; shift
listed() { awk '/^       / { if ($2 !~ /^\\/var\\/lib\\/dpkg\\// && !seen[version]++) print version; next }
  /^ \\*\\*\\* / { version = $2 }
  /^     / { version = $1 }' | head -n ${MAX_VERSIONS}; }
put() { placed=
  while IFS= read -r version; do
    if [ -z "$placed" ] && dpkg --compare-versions "$1" ge "$version"; then
      placed=yes; [ "$1" = "$version" ] || printf '%s\\n' "$1"
    fi
    printf '%s\\n' "$version"
  done
  [ -n "$placed" ] || printf '%s\\n' "$1"; }
policy=$(apt-cache policy -- "$name" 2>/dev/null)
all=$(printf '%s\\n' "$policy" | listed); sorted=$all
for also in "$@"; do sorted=$(printf '%s\\n' "$sorted" | sed '/^$/d' | put "$also"); done
printf '%s\\n' "$sorted" '${NEXT}' "$all" '${NEXT}'
rm -rf ${SOURCES}; mkdir -p ${SOURCES}; others=
for file in /etc/apt/sources.list.d/*; do
  case \${file##*/} in alts-[0-9]*) others=yes ;; *) ln -s "$file" ${SOURCES}/ ;; esac
done
if [ -z "$others" ]; then printf '%s\\n' "$all"; else
  apt-cache -o Dir::Etc::SourceParts=${SOURCES} -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy -- "$name" 2>/dev/null |
    listed
fi
rm -rf ${SOURCES}
printf '%s\\n' '${NEXT}' "$policy" | sed -n 's/^  Candidate: //p; /^${NEXT}$/p'`;

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
