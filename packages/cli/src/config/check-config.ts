import { stringify } from 'yaml';
import type { FleetConfig } from './fleet-config.ts';
import { readConfig } from './read-config.ts';

/** Keys of parts that hold secrets, whatever the part is. */
const SECRET = /secret|password|key$|token$|connection/i;

/** Prints a configuration as it was understood, without its secrets. */
export async function checkConfig(path: string): Promise<void> {
  process.stdout.write(stringify(withoutSecrets(await readConfig(path))));
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
