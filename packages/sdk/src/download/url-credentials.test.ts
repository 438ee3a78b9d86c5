import { expect, it } from 'vitest';
import { credentialsOf, withoutCredentials } from './url-credentials.ts';

it.each([
  ['https://u:p@host/x', 'https://***@host/x', ['u:p']],
  // What stands before the last @ of the authority is the user, RFC 3986 section 3.2.1, also where it should be encoded.
  ['https://u:p@ss@host/x', 'https://***@host/x', ['u:p@ss']],
  ['deb https://alts:token@host/debian stable main', 'deb https://***@host/debian stable main', ['alts:token']],
  ['https://host/a@b and joe@example.org', 'https://host/a@b and joe@example.org', []],
])('%s is shown as %s', (text, shown, credentials) => {
  expect(withoutCredentials(text)).toBe(shown);
  expect(credentialsOf(text)).toEqual(credentials);
});
