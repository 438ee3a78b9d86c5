import { queueName, whyWeak } from '@alts/scheduler';
import { ARCHITECTURES, Architecture, DISTRIBUTIONS, nearest } from '@alts/sdk';
import { ignored, type KeyNote, obsolete, replaced, type Translated, understood } from './note.ts';
import type { Settings } from './python-config.ts';
import { SettingError } from './setting-error.ts';

/** Runners of the Python system; the first of them is the one that this version has. */
const RUNNERS = ['docker', 'opennebula'] as const;

/** What the Python system took where a file has only one of the two lists. */
const RPM = ['rhel', 'fedora', 'centos', 'almalinux'];
const DEB = ['debian', 'ubuntu', 'raspbian'];

/** What a scheduler serves. */
export interface Served {
  readonly architectures?: readonly Architecture[];
  readonly distributions?: readonly string[];
}

/**
 * The scheduler; undefined where there is no `jwt_secret`, for then the file is a worker's.
 * @throws {SettingError}
 */
export function schedulerOf(settings: Settings, served: Served): Translated<object | undefined> {
  const { jwt_secret: secret, hashing_algorithm: algorithm, working_directory: directory } = settings;
  const weak = secret === undefined ? undefined : whyWeak(secret);
  const notes = [
    understood('jwt_secret', 'scheduler.token.secret', weak && `${weak}: a scheduler takes it only with --dev`),
    understood('hashing_algorithm', 'scheduler.token.algorithm'),
    replaced(
      'working_directory',
      'scheduler.database',
      'a new database there; tasks in scheduler.db are not taken over',
    ),
  ];
  if (secret === undefined) {
    return { part: undefined, notes: notes.map(({ key }) => ignored(key, 'there is no jwt_secret, so no scheduler')) };
  }
  const [first] = served.architectures ?? [];
  const other = served.architectures?.includes('x86_64') === false && first;
  const part = {
    ...(directory && { database: `${directory.replace(/\/+$/, '')}/tasks.sqlite` }),
    // Its tokens have no scopes.
    token: { ...(algorithm && { algorithm }), secret, withoutScopes: 'everything' },
    runners: ['docker'],
    ...(other && { architecture: other }),
    ...served,
  };
  return { part, notes };
}

/**
 * Architectures and distributions that are tested, and what is said of the runners.
 * @throws {SettingError}
 */
export function servedOf(settings: Settings): Translated<Served> {
  const architectures = settings.supported_architectures?.map(architectureOf);
  const distributions = distributionsOf(settings);
  const known = distributions?.filter((name) => Object.hasOwn(DISTRIBUTIONS, name));
  if (known?.length === 0) {
    throw new SettingError(
      'supported_distributions',
      `none of them is known; known are ${Object.keys(DISTRIBUTIONS).join(', ')}`,
    );
  }
  if (architectures?.length === 0) throw new SettingError('supported_architectures', 'must not be empty');
  return {
    part: {
      ...(architectures && { architectures: [...new Set(architectures)] }),
      ...(known && { distributions: [...new Set(known)] }),
    },
    notes: [
      understood('supported_architectures', 'scheduler.architectures', 'under the names that uname -m prints'),
      ...distributionNotes(settings, distributions?.filter((name) => !known?.includes(name)) ?? []),
      runnerNote(settings),
    ],
  };
}

function architectureOf(name: string): Architecture {
  const parsed = Architecture.safeParse(name);
  if (parsed.success) return parsed.data;
  const near = nearest(name, ARCHITECTURES);
  throw new SettingError(
    'supported_architectures',
    `${JSON.stringify(name)} is not an architecture that is known; did you mean ${JSON.stringify(near)}?`,
  );
}

function distributionsOf({
  supported_distributions: all,
  rhel_flavors: rpm,
  debian_flavors: deb,
}: Settings): readonly string[] | undefined {
  if (all !== undefined || (rpm === undefined && deb === undefined)) return all;
  return [...(rpm ?? RPM), ...(deb ?? DEB)];
}

function distributionNotes({ supported_distributions: all }: Settings, unknown: readonly string[]): KeyNote[] {
  const without =
    unknown.length > 0
      ? `without ${unknown.map((name) => JSON.stringify(name)).join(', ')}, which this version does not know`
      : '';
  const flavors = (['rhel_flavors', 'debian_flavors'] as const).map((key) =>
    all === undefined
      ? understood(key, 'scheduler.distributions', without)
      : obsolete(key, 'a system says itself which package manager it has'),
  );
  return [understood('supported_distributions', 'scheduler.distributions', without), ...flavors];
}

/** @throws {SettingError} for runners that never were, or where none is left */
function runnerNote({ supported_runners: written = 'all' }: Settings): KeyNote {
  const names: readonly string[] = written === 'all' ? RUNNERS : [written].flat();
  for (const name of names) {
    if (RUNNERS.some((runner) => runner === name)) continue;
    const near = JSON.stringify(nearest(name, [...RUNNERS, 'all']));
    throw new SettingError('supported_runners', `${JSON.stringify(name)} is not a runner; did you mean ${near}?`);
  }
  if (!names.includes('docker')) {
    throw new SettingError('supported_runners', 'names no runner of this version; it has docker');
  }
  const opennebula = written !== 'all' && names.includes('opennebula');
  return opennebula
    ? replaced('supported_runners', 'scheduler.runners', 'docker alone: opennebula is not part of this version')
    : understood('supported_runners', 'scheduler.runners', written === 'all' ? 'docker is all that there is' : '');
}

/** The queue that workers of the Python system take from where nobody says otherwise (`-Q` of Celery). */
export function usualQueue({ architectures }: Served): string {
  const [first = 'x86_64'] = architectures ?? [];
  return queueName('docker', architectures?.includes('x86_64') ? 'x86_64' : first);
}
