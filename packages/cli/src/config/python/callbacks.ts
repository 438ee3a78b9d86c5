import { ignored, type Translated, understood } from './note.ts';
import type { Settings } from './python-config.ts';
import { SettingError } from './setting-error.ts';

/**
 * Where results are reported to; undefined where the file names no web server.
 * @throws {SettingError}
 */
export function callbacksOf({ bs_host: base, bs_token: token }: Settings): Translated<object | undefined> {
  if (base === undefined) {
    return { part: undefined, notes: [ignored('bs_token', 'there is no bs_host to send it to', 'callbacks.token')] };
  }
  return {
    part: { hosts: [hostOf(base)], base, ...(token && { token }) },
    notes: [
      understood('bs_host', 'callbacks.base', 'and callbacks.hosts: results go to no other host'),
      understood('bs_token', 'callbacks.token'),
    ],
  };
}

function hostOf(base: string): string {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.hostname;
  throw new SettingError(
    'bs_host',
    `${JSON.stringify(base)} must be an http(s) URL, such as https://build.example.org`,
  );
}
