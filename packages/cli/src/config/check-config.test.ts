import { expect, it } from 'vitest';
import { withoutSecrets } from './check-config.ts';

it.each([
  ['amqp://u:p@ss/word@h/v', 'amqp://***@h/v'],
  ['amqp://u:p@broker.example', 'amqp://***@broker.example'],
  ['postgres://u:a b@c@h:5432/alts', 'postgres://***@h:5432/alts'],
  ['amqp://u:p?x#y@h', 'amqp://***@h'],
  ['https://build.example/path', 'https://build.example/path'],
  ['a@b.example', 'a@b.example'],
])('of %s is shown %s', (value, shown) => {
  expect(withoutSecrets({ queue: { url: value }, list: [value] })).toEqual({ queue: { url: shown }, list: [shown] });
});

it('shows nothing of what came from a file of secrets, whatever its key is called', () => {
  const config = { checkers: [{ use: 'x', pass: 'hidden', other: 'shown' }] };
  expect(withoutSecrets(config, new Set(['checkers.0.pass']))).toEqual({
    checkers: [{ use: 'x', pass: '***', other: 'shown' }],
  });
});
