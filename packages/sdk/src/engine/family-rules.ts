import { AltsError } from '../contracts/errors.ts';
import type { TestRequest } from '../contracts/request.ts';
import type { Family } from '../contracts/system.ts';
import { requestedName } from './requested-name.ts';

const refuse = (message: string) => new AltsError('invalid_request', message);

/**
 * Checks what goes with one family only.
 * @throws {AltsError} `invalid_request`
 */
export function assertFitsFamily(request: TestRequest, family: Family): void {
  const { package: spec, repositories, module } = request;
  const name = requestedName(spec);
  if (!('name' in spec) && !name.endsWith(`.${family}`)) {
    throw refuse(`package: "${name}" is not a .${family} file, and the system has ${family} packages`);
  }
  if (family === 'deb') {
    if (module) throw refuse(`module: ${module.name}:${module.stream} is asked for, and deb packages have no modules`);
    return;
  }
  for (const [index, repository] of repositories.entries()) {
    const field = `repositories.${index}`;
    if (typeof repository === 'string') {
      throw refuse(`${field}: is a line for apt, and the system has rpm packages; write { "name": …, "url": … }`);
    }
    for (const key of ['suite', 'components'] as const) {
      if (repository[key] !== undefined) throw refuse(`${field}.${key}: is of apt, and the system has rpm packages`);
    }
  }
}
