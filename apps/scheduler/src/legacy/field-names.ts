import type { TaskPayload } from './task-payload.ts';

/** Fields of a request, and what clients of the Python system call them; `*` is a number. The first that fits counts. */
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^runner$/, 'runner_type'],
  [/^system\.architecture$/, 'dist_arch'],
  [/^system\.version$/, 'dist_version'],
  [/^system(\.distribution)?$/, 'dist_name'],
  [/^package\.version$/, 'package_version'],
  [/^package(\.name)?$/, 'package_name'],
  [/^module\.(name|stream|version)$/, 'module_$1'],
  [/^module$/, 'module_name'],
  [/^tests\.(\d+)\.ref$/, 'test_configuration.tests.$1.git_ref'],
  [/^tests\.(\d+)\.dir$/, 'test_configuration.tests.$1.test_dir'],
  [/^tests\.(\d+)\.only(\.\d+)?$/, 'test_configuration.tests.$1.tests_to_run$2'],
  [/^tests\.\d+\.environment.*$/, 'test_configuration.test_env.extra_env_vars'],
  [/^tests\.(\d+)(\..+)?$/, 'test_configuration.tests.$1.url'],
];

/**
 * What is said against a request, with the fields under the names that they had in the payload: `system.architecture: …`
 * is `dist_arch: …`.
 */
export function inPayloadNames(message: string, payload: Pick<TaskPayload, 'repositories'>): string {
  return message
    .replace(/^system: (?=unknown version)/, 'system.version: ')
    .replace(/(^|; )([a-z]+(?:\.[\w-]+|\[\d+\])*): /gi, (_, before: string, path: string) => {
      return `${before}${nameOf(path.replace(/\[(\d+)\]/g, '.$1'), payload)}: `;
    });
}

function nameOf(path: string, { repositories }: Pick<TaskPayload, 'repositories'>): string {
  const [, index] = /^repositories\.(\d+)(\.url)?$/.exec(path) ?? [];
  if (index !== undefined) {
    return `repositories.${index}.${repositories[Number(index)]?.baseurl === undefined ? 'url' : 'baseurl'}`;
  }
  const [pattern, name] = NAMES.find(([fits]) => fits.test(path)) ?? [];
  return pattern && name !== undefined ? path.replace(pattern, name) : path;
}
