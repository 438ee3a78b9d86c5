import { AltsError } from '@alts/sdk/plugin';
import { SECTION_NAMES } from '../fleet-config.ts';
import { PYTHON_KEYS } from './python-config.ts';

/**
 * Whether a document is a configuration of the Python system: it has one of its keys at the top, none of which the new form
 * has. A key may end in `_file`, for a secret that a file has.
 * @throws {AltsError} `invalid_request` for one with keys of both forms
 */
export function isPythonConfig(document: unknown, path: string): boolean {
  if (typeof document !== 'object' || document === null) return false;
  const keys = Object.keys(document);
  const old = keys.find((key) => PYTHON_KEYS.includes(key.replace(/_file$/, '')));
  const own = keys.find((key) => SECTION_NAMES.some((name) => name === key));
  if (old === undefined || own === undefined) return old !== undefined;
  throw new AltsError(
    'invalid_request',
    `${path}: ${old} is a key of the Python system, ${own} one of the new form; "alts config convert" turns all of a file into the new form`,
  );
}
