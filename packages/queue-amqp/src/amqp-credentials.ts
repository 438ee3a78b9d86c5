import { unescape as decoded } from 'node:querystring';
import { credentials } from 'amqplib';

/**
 * User and password of a URL. Not left to amqplib, which decodes them by the global `unescape()`: a byte is a character to
 * that, so that a password with a letter beyond ASCII would be another one. Left out in the URL: what amqplib takes then.
 */
export function credentialsOf({ username, password }: URL): { credentials?: ReturnType<typeof credentials.plain> } {
  if (username === '' && password === '') return {};
  return { credentials: credentials.plain(decoded(username), decoded(password)) };
}
