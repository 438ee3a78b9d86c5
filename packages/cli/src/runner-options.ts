import { parsePairs } from './parse-pairs.ts';

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
}
interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: { readonly issues: readonly Issue[] } };
}

/**
 * `--runner-opt key=value` as the plugin's schema wants it: a value stays text, and only where the schema says that text
 * is the wrong type it is read as JSON (a number, `true`, an object). So `network=12` is a name where names are wanted.
 * What is still wrong after that, the schema says when the plugin is made.
 */
export function readRunnerOptions(plugin: unknown, texts: readonly string[]): Record<string, unknown> {
  const options: Record<string, unknown> = { ...parsePairs(texts, '--runner-opt', '<key>=<value>') };
  const schema = (plugin as { options?: Partial<Schema> } | null | undefined)?.options;
  if (typeof schema?.safeParse !== 'function') return options;
  const { error } = schema.safeParse(options);
  for (const { code, path } of error?.issues ?? []) {
    const [key] = path;
    const wrongType = code === 'invalid_type' || code === 'invalid_union';
    const text = typeof key === 'string' && Object.hasOwn(options, key) ? options[key] : undefined;
    if (wrongType && path.length === 1 && typeof key === 'string' && typeof text === 'string') {
      options[key] = fromJson(text);
    }
  }
  return options;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
