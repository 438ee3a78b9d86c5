import type { Failure } from '../../contracts/report.ts';
import { required, type StageContext } from '../test-state.ts';
import { type NoOlderVersion, olderVersion } from './older-version.ts';

interface Chosen {
  readonly name: string;
  readonly older: string;
  /** The one under test. */
  readonly version: string;
}

/** Asks the repositories for versions, and chooses the one that an upgrade goes from or a downgrade to. */
export async function chooseOlder(
  { state, shell }: StageContext,
  asked: string | undefined,
): Promise<Chosen | Failure | NoOlderVersion> {
  const manager = required(state.packageManager, 'the package manager');
  const target = required(state.target, 'the install target');
  const { name } = target;
  // Before anything of it was installed, a package that is asked for by its name alone has no version.
  const known = target.version ?? state.tested.version;
  const all = await manager.versions(shell, name, known === null ? [] : [known]);
  const version = known ?? all.find(({ candidate }) => candidate)?.version;
  if (version === undefined) return { reason: 'package_not_found', message: `no repository has a package ${name}` };
  const older = olderVersion(all, { name, version }, asked);
  if (typeof older !== 'string') return older;
  // All that comes later is of this version, whatever the repositories have next.
  state.target = { ...target, version };
  return { name, older, version };
}
