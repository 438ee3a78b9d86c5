import { programLog } from '../program-log.ts';
import type { FleetConfig, Section } from './fleet-config.ts';
import { understandConfig, type Wanted } from './understand-config.ts';

/**
 * The configuration of the fleet for a program; see {@link understandConfig}. Of each key of a configuration of the Python
 * system that does not mean what it did there a line says so on standard error.
 * @throws {AltsError} `invalid_request` that names file, line, key, and what would be right
 */
export async function readConfig<Name extends Section = Section>(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  wanted: Wanted<Name> = {},
): Promise<Pick<FleetConfig, Name>> {
  const { config, notes = [] } = await understandConfig(path, env, wanted);
  for (const note of notes) {
    if (note.kind === 'understood') continue;
    const instead = note.becomes === undefined ? '' : `, see ${note.becomes}`;
    programLog.warn({}, `${path}: ${note.path} is ${note.kind}${instead}: ${note.say}`);
  }
  return config;
}
