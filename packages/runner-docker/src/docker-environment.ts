import type { Environment, FileChange, ImageRef, System } from '@alts/sdk/plugin';
import type { EngineContainer } from './docker-engine.ts';
import { fromDocker } from './docker-errors.ts';
import { dockerExec } from './docker-exec.ts';
import { readFiles, writeFiles } from './docker-files.ts';
import { type EngineAddress, inventoryOf } from './docker-inventory.ts';

/** Of the engine's API: "Get changes on a container's filesystem". */
const KINDS: readonly FileChange['kind'][] = ['modified', 'added', 'deleted'];
const SHORT_ID = 12;

/** A running container as an environment. */
export function dockerEnvironment(
  container: EngineContainer,
  system: System,
  image: ImageRef,
  address: EngineAddress,
): Environment {
  const id = container.id;
  const short = id.slice(0, SHORT_ID);
  const exec: Environment['exec'] = (command, options) => dockerExec(container, command, options);
  return {
    id,
    system,
    image,
    access: { enter: `docker exec -it ${short} bash`, remove: `docker rm -f ${short}` },
    inventory: inventoryOf(id, address),
    exec,
    read: (paths, options) => readFiles(exec, paths, options),
    write: (files, options) => writeFiles(exec, files, options),
    async *changes({ signal } = {}) {
      signal?.throwIfAborted();
      const changes = ((await container.changes().catch((error: unknown) => {
        throw fromDocker(error, `asking what changed in ${short}`, 'environment_lost');
      })) ?? []) as { Path: string; Kind: number }[];
      for (const { Path, Kind } of changes) yield { path: Path, kind: KINDS[Kind] ?? 'modified' };
    },
  };
}
