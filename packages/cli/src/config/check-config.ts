import { stringify } from 'yaml';
import { noteTable } from './python/note-table.ts';
import { understandConfig } from './understand-config.ts';

/** Keys of parts that hold secrets, whatever the part is. */
const SECRET = /secret|password|key$|token$|connection/i;

/**
 * Prints a configuration as it was understood, without its secrets; of one of the Python system what became of each key.
 * @throws {AltsError} `invalid_request`
 */
export async function checkConfig(path: string): Promise<void> {
  const { config, notes, secrets } = await understandConfig(path, process.env);
  const table = notes ? `# A configuration of the Python system; in the new form:\n${noteTable(notes)}#\n` : '';
  process.stdout.write(table + stringify(withoutSecrets(config, new Set(secrets.map((key) => key.join('.'))))));
}

/**
 * The configuration with `***` for what is secret: what came from files, keys of such names, what stands in URLs before the
 * host. A password may have any letter in it, `@` and `/` too.
 * @param secrets keys of what came from files
 */
export function withoutSecrets(config: object, secrets: ReadonlySet<string> = new Set()): unknown {
  const hide = (value: unknown, path: string, key: string): unknown => {
    if (typeof value === 'string') {
      return secrets.has(path) || SECRET.test(key) ? '***' : value.replace(/\/\/.*@/s, '//***@');
    }
    if (Array.isArray(value)) return value.map((item, index) => hide(item, `${path}.${index}`, key));
    if (typeof value !== 'object' || value === null) return value;
    return inside(value, `${path}.`);
  };
  const inside = (fields: object, above: string): object =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, hide(field, above + name, name)]));
  return inside(config, '');
}
