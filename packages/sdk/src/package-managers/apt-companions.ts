import type { Shell } from '../contracts/package-manager.ts';
import { APT_ENV } from './apt-command.ts';
import { decodeText, type EndedCommand } from './output-text.ts';

/** A dependency that apt did not meet, because it took the newest version of something. */
export interface UnmetRelation {
  /** Which depends. */
  readonly owner: string;
  /** On which it depends. */
  readonly name: string;
  /** `=`, `<<`, `<=`, …: deb-control(5); apt writes `<` for `<<`. */
  readonly relation: string;
  readonly version: string;
}

const NAME = '[a-z0-9][a-z0-9+.-]*';
const UNMET = new RegExp(
  `^ (?:(${NAME})(?::[a-z0-9-]+)? :)? *(?:Pre-?)?Depends: (${NAME})(?::[a-z0-9-]+)? \\(([<>=]+) ([A-Za-z0-9.+~:-]+)\\) but`,
);

/** Reads ` curl : Depends: libcurl4 (= 7.88) but 7.89 is to be installed`; lines below it may leave the owner out. */
export function unmetRelations({ stdout, stderr }: Pick<EndedCommand, 'stdout' | 'stderr'>): UnmetRelation[] {
  const found: UnmetRelation[] = [];
  for (const line of `${stdout}\n${stderr}`.split('\n')) {
    const [matched, owner = found.at(-1)?.owner ?? '', name = '', relation = '', version = ''] = UNMET.exec(line) ?? [];
    if (matched !== undefined) found.push({ owner, name, relation, version });
  }
  return found;
}

/** Versions by the name of the package. */
type Pins = ReadonlyMap<string, string>;

/**
 * What apt has to be told besides, so that it can install an older version: the one version of a dependency that will do;
 * else the same version of those that stand in the way, for they are of the same source.
 */
export async function companions(shell: Shell, run: EndedCommand, pins: Pins, version: string): Promise<Pins> {
  const relations = unmetRelations(run).filter(({ relation }) => !relation.startsWith('>'));
  const exact = relations.filter(({ relation, name }) => relation === '=' && !pins.has(name));
  if (exact.length > 0) return new Map(exact.map((one) => [one.name, one.version]));
  const names = relations.flatMap(({ owner, name }) => [owner, name]).filter((name) => name !== '' && !pins.has(name));
  if (names.length === 0) return new Map();
  const { stdout } = await shell.run(['apt-cache', 'madison', '--', ...new Set(names)], {
    reading: true,
    env: APT_ENV,
  });
  const rows = [...decodeText(stdout).matchAll(/^ *(\S+) \| +(\S+) \|/gm)];
  const siblings = rows.filter(([, name = '', found]) => names.includes(name) && found === version);
  return new Map(siblings.map(([, name = '']) => [name, version]));
}
