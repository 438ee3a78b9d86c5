import { withoutZeroEpoch } from '../collectors/rpm-query.ts';
import type { Argv } from '../contracts/environment.ts';
import type { AvailableVersion, Shell } from '../contracts/package-manager.ts';
import { DNF_ENV, type Dnf, dnfCommand, findDnf } from './dnf-command.ts';
import { decodeText } from './output-text.ts';

/** Versions that are looked at. */
const MAX_VERSIONS = 1000;

/** A version that rpm could have: what is not one is not compared. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+~^:_-]*$/;

/**
 * rpm's own comparison, of epoch, version and release each: rpm.vercmp of an old rpm knows nothing of epochs. The versions
 * come in the environment and never are part of the script; a percent sign would be a macro.
 */
const SORT = `%{lua:
local function parts(text)
  local epoch, rest = text:match("^([0-9]+):(.*)$")
  local version, release = (rest or text):match("^(.*)-([^-]*)$")
  return { epoch or "0", version or rest or text, release or "" }
end
local all = {}
for line in posix.getenv("ALTS_VERSIONS"):gmatch("[^\\n]+") do table.insert(all, line) end
table.sort(all, function(a, b)
  local left, right = parts(a), parts(b)
  for i = 1, 3 do
    local order = rpm.vercmp(left[i], right[i])
    if order ~= 0 then return order > 0 end
  end
  return false
end)
print(table.concat(all, "\\n"))
}`;

/** Two execs, whatever the number of versions. */
export async function versions(
  shell: Shell,
  name: string,
  also: readonly string[],
): Promise<readonly AvailableVersion[]> {
  const dnf = await findDnf(shell);
  const { stdout } = await shell.run(listing(dnf, name), { reading: true, env: DNF_ENV, keepBytes: 1 << 20 });
  const places = parsePlaces(decodeText(stdout), dnf, name);
  const texts = [...new Set([...places.keys(), ...also.map(withoutZeroEpoch)])].filter((text) => VERSION.test(text));
  const sorted = await shell.run(['rpm', '--eval', SORT], {
    reading: true,
    env: { ...DNF_ENV, ALTS_VERSIONS: texts.slice(0, MAX_VERSIONS).join('\n') },
    keepBytes: 1 << 20,
  });
  const lines = decodeText(sorted.stdout)
    .split('\n')
    .filter((line) => line !== '');
  const newest = lines.find((line) => places.has(line));
  return lines.map((version) => ({
    version,
    places: [...(places.get(version) ?? [])],
    candidate: version === newest,
  }));
}

const FIELDS = '%{name}\\t%{epoch}:%{version}-%{release}\\t%{repoid}\\n';

/** yum has no repoquery of its own. */
function listing(dnf: Dnf, name: string): Argv {
  if (dnf.generation === 'yum3') return dnfCommand(dnf, ['list', 'available', '--showduplicates', '-q'], [name]);
  return dnfCommand(dnf, ['repoquery', '--showduplicates', '-q', '--queryformat', FIELDS], [name]);
}

type Places = Map<string, Set<'distribution' | 'request'>>;

/** Reads lines of name, version and repository; of yum, three columns, which may go over to the next line. */
export function parsePlaces(text: string, { generation }: Pick<Dnf, 'generation'>, name: string): Places {
  const found: Places = new Map();
  const rows =
    generation === 'yum3'
      ? [...text.matchAll(/^(\S+)\.[^.\s]+\s+(\S+)\s+(\S+)\s*$/gm)]
      : [...text.matchAll(/^(.+)\t(.+)\t(.+)$/gm)];
  for (const [, owner, version = '', repository = ''] of rows) {
    if (owner !== name) continue;
    const key = withoutZeroEpoch(version);
    const place = /^alts-\d+$/.test(repository) ? 'request' : 'distribution';
    found.set(key, (found.get(key) ?? new Set()).add(place));
  }
  return found;
}

/** rpm(8), %config of any kind; one that need not be there may be in the list. */
export async function configurationFiles(shell: Shell, name: string): Promise<readonly string[]> {
  const { stdout } = await shell.run(['rpm', '-q', '--configfiles', '--', name], {
    reading: true,
    env: DNF_ENV,
    keepBytes: 1 << 20,
  });
  return decodeText(stdout)
    .split('\n')
    .filter((line) => line.startsWith('/'));
}
