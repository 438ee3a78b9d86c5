import { AltsError } from './errors.ts';
import { TaskId } from './request.ts';
import type { ArtifactKey } from './result-store.ts';

/** One segment: no `/`, no leading dot, so that a key can neither climb out of a directory nor hide in it. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._+@-]{0,199}$/;

/**
 * For every store, before it makes a path or an object key of it.
 * @throws {AltsError} `invalid_request`
 */
export function assertArtifactKey(key: ArtifactKey): void {
  if (!TaskId.safeParse(key.taskId).success) {
    throw new AltsError('invalid_request', `taskId: ${JSON.stringify(key.taskId)} is not a task id`);
  }
  if (!NAME.test(key.name)) {
    throw new AltsError('invalid_request', `name: ${JSON.stringify(key.name)} is not the name of an artifact`);
  }
}
