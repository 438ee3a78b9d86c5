import { readFile } from 'node:fs/promises';
import { AltsError } from '@alts/sdk/plugin';

const SUFFIX = '_file';

interface Names {
  /** Keys above the value, with a dot after each. */
  readonly at?: string;
  /** What a key is called in messages. */
  readonly called?: (key: string) => string;
}

/**
 * Puts what files have in the place of the keys that name them, at any depth: `secret_file: jwt.secret` is `secret` with
 * the content of that file, without the line break at its end.
 * @param locate a path of the configuration
 * @throws {AltsError} `invalid_request`
 */
export async function withSecretFiles(
  value: unknown,
  locate: (path: string) => string,
  { at = '', called = (key) => key }: Names = {},
): Promise<unknown> {
  const inner = (field: unknown, key: string | number) =>
    withSecretFiles(field, locate, { at: `${at}${key}.`, called });
  if (Array.isArray(value)) return Promise.all(value.map(inner));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, field]) => {
    if (!key.endsWith(SUFFIX)) return [key, await inner(field, key)] as const;
    const name = key.slice(0, -SUFFIX.length);
    if (name in value) throw new AltsError('invalid_request', `${at}${key}: say either ${name} or ${key}`);
    return [name, await contentOf(field, locate, called(at + key))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function contentOf(path: unknown, locate: (path: string) => string, key: string): Promise<string> {
  if (typeof path !== 'string') throw new AltsError('invalid_request', `${key}: must be the path of a file`);
  try {
    return (await readFile(locate(path), 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AltsError('invalid_request', `${key}: cannot read "${path}" (${code})`, { cause: error });
  }
}
