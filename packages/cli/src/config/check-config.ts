import { stringify } from 'yaml';
import type { FleetConfig } from './fleet-config.ts';
import { noteTable } from './python/note-table.ts';
import { understandConfig } from './understand-config.ts';

/** Keys of parts that hold secrets, whatever the part is. */
const SECRET = /secret|password|key$|token$|connection/i;

/**
 * Prints a configuration as it was understood, without its secrets; of one of the Python system what became of each key.
 * @throws {AltsError} `invalid_request`
 */
export async function checkConfig(path: string): Promise<void> {
  const { config, notes } = await understandConfig(path, process.env);
  const table = notes ? `# A configuration of the Python system; in the new form:\n${noteTable(notes)}#\n` : '';
  process.stdout.write(table + stringify(withoutSecrets(config)));
}

function withoutSecrets(config: FleetConfig): unknown {
  const hide = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return SECRET.test(key) ? '***' : value.replace(/\/\/[^/@\s]+@/, '//***@');
    if (Array.isArray(value)) return value.map((item) => hide(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, hide(field, name)]));
  };
  return hide(config);
}
