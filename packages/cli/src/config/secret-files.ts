import { readFile } from 'node:fs/promises';
import type { Problem } from './problems.ts';

const SUFFIX = '_file';

/** Stands for a secret that was not read; long enough to be one. */
const UNREAD = 'the content of a file that was not read';

/** A configuration with what files have in it. */
export interface WithSecrets {
  readonly value: unknown;
  /** The keys that files were read for: `scheduler.token.secret`. */
  readonly secrets: readonly (readonly string[])[];
  /** Files that could not be read; the keys that name them. */
  readonly problems: readonly Problem[];
}

/**
 * Puts what files have in the place of the keys that name them, at any depth: `secret_file: jwt.secret` is `secret` with
 * the content of that file, without the line break at its end. Something else stands there for a file that was not read.
 * @param locate a path of the configuration
 * @param wanted whether the file of a key is to be read
 */
export async function withSecretFiles(
  value: unknown,
  locate: (path: string) => string,
  wanted: (key: string) => boolean = () => true,
): Promise<WithSecrets> {
  const secrets: string[][] = [];
  const problems: Problem[] = [];
  const content = async (path: string[], file: unknown): Promise<string> => {
    secrets.push(path.with(-1, named(path)));
    const { text, message } = await read(file, locate);
    if (message !== undefined) problems.push({ path, message });
    return text ?? UNREAD;
  };
  const walk = async (here: unknown, path: string[]): Promise<unknown> => {
    if (Array.isArray(here)) return Promise.all(here.map((item, index) => walk(item, [...path, String(index)])));
    if (typeof here !== 'object' || here === null) return here;
    const entries = Object.entries(here).map(async ([key, field]) => {
      const own = [...path, key];
      if (!key.endsWith(SUFFIX)) return [key, await walk(field, own)] as const;
      const name = named(own);
      if (name in here) problems.push({ path: own, message: `say either ${name} or ${key}` });
      return [name, wanted(key) ? await content(own, field) : UNREAD] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  return { value: await walk(value, []), secrets, problems };
}

const named = (path: readonly string[]): string => (path.at(-1) ?? '').slice(0, -SUFFIX.length);

/** What a file has, or why that is not known. */
async function read(
  path: unknown,
  locate: (path: string) => string,
): Promise<{ readonly text?: string; readonly message?: string }> {
  if (typeof path !== 'string') return { message: 'must be the path of a file' };
  try {
    return { text: (await readFile(locate(path), 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    return { message: `cannot read "${path}" (${(error as NodeJS.ErrnoException).code})` };
  }
}
