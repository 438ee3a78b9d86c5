import type { Key } from './python-config.ts';

/** A setting that is wrong beside the others, or missing. Becomes an error with its place in the file. */
export class SettingError extends Error {
  readonly key: Key;

  constructor(key: Key, message: string) {
    super(message);
    this.key = key;
  }
}

/** @throws {SettingError} where one of two that need each other is missing */
export function assertTogether(settings: Readonly<Record<string, unknown>>, one: Key, other: Key): void {
  for (const [key, partner] of [
    [one, other],
    [other, one],
  ] as const) {
    if (settings[key] === undefined && settings[partner] !== undefined) {
      throw new SettingError(key, `is missing; it goes with ${partner}`);
    }
  }
}
