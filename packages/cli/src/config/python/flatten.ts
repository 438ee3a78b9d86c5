import { z } from 'zod';
import type { Key, PythonConfig, Settings } from './python-config.ts';

/** What a file says, the same for both forms. */
export interface Flattened {
  readonly settings: Settings;
  /** Where each setting stands in the file. */
  readonly paths: ReadonlyMap<Key, readonly string[]>;
  /** Keys without a value: as good as not there. */
  readonly empty: readonly (readonly string[])[];
  /** All keys as they follow each other in the file: `broker_config.rabbitmq_host`. */
  readonly order: readonly string[];
}

/** Keys that have other names outside of their sections. */
const NAMES: Readonly<Record<string, (key: string) => string>> = {
  opennebula_config: (key) => `opennebula_${key}`,
  logs_uploader_config: (key) => (/^azure(blockblob|_connection)/.test(key) ? `logs_${key}` : key),
};

/**
 * Takes the settings out of their sections.
 * @param document what was parsed: it has the order, which schemas do not keep
 * @throws {z.ZodError} for one that is said twice, each time otherwise
 */
export function flatten(config: PythonConfig, document: unknown): Flattened {
  const settings = new Map<string, unknown>();
  const paths = new Map<string, readonly string[]>();
  const empty: (readonly string[])[] = [];
  const take = (value: unknown, path: readonly string[], name = String(path.at(-1))): void => {
    if (value === undefined) return;
    if (value === null || value === '') return void empty.push(path);
    const before = paths.get(name);
    if (before && settings.get(name) !== value) throw twice(path, before);
    settings.set(name, value);
    paths.set(name, path);
  };
  const walk = (section: object, path: readonly string[]): void => {
    for (const [key, value] of Object.entries(section)) {
      const here = [...path, key];
      if (isSection(key, value)) walk(value, here);
      else take(value, here, NAMES[path.at(-1) ?? '']?.(key));
    }
  };
  walk(config, []);
  return {
    settings: Object.fromEntries(settings) as Settings,
    paths: paths as ReadonlyMap<Key, readonly string[]>,
    empty,
    order: orderOf(document, []),
  };
}

function twice(path: readonly string[], before: readonly string[]): z.ZodError {
  const message = `stands here and as ${before.join('.')}, with another value; say it once`;
  return new z.ZodError([{ code: 'custom', path: [...path], message, input: undefined }]);
}

const isSection = (key: string, value: unknown): value is object =>
  key.endsWith('_config') && typeof value === 'object' && value !== null;

function orderOf(section: unknown, path: readonly string[]): string[] {
  return Object.entries(section as object).flatMap(([key, value]) => {
    const here = [...path, key];
    return isSection(key, value) ? orderOf(value, here) : [here.join('.')];
  });
}
