import { AltsError } from '@alts/sdk/plugin';

/**
 * `key=value` options, given any number of times, as one object without a prototype.
 * @param option for the message
 * @param shape what would be right, for the message
 * @throws {AltsError} `invalid_request` for one without key or `=`, or the same key twice
 */
export function parsePairs(texts: readonly string[], option: string, shape: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const separator = text.indexOf('=');
    if (separator < 1) {
      throw new AltsError('invalid_request', `${option}: ${JSON.stringify(text)} is not ${shape}`);
    }
    const key = text.slice(0, separator);
    if (key in pairs) throw new AltsError('invalid_request', `${option}: ${JSON.stringify(key)} is given twice`);
    pairs[key] = text.slice(separator + 1);
  }
  return pairs;
}
