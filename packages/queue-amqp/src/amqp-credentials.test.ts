import { expect, it } from 'vitest';
import { credentialsOf } from './amqp-credentials.ts';

/** What SASL PLAIN (RFC 4616) sends: NUL, user, NUL, password, in UTF-8. */
const sent = (url: string): string | undefined => credentialsOf(new URL(url)).credentials?.response().toString('utf8');

it.each(['simple', 'p@ss:w/rd#%?&+ "', 'pässwörd', '密码'])('sends the password %s as it is', (password) => {
  expect(sent(`amqp://${encodeURIComponent('us er')}:${encodeURIComponent(password)}@broker.example/vhost`)).toBe(
    `\0us er\0${password}`,
  );
});

it('leaves it to amqplib where the URL has none', () => {
  expect(sent('amqp://broker.example')).toBeUndefined();
});

it('takes a % that encodes nothing for itself', () => {
  expect(sent('amqp://user:100%@broker.example')).toBe('\0user\x00100%');
});
