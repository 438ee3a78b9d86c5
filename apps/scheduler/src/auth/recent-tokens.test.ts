import { expect, it } from 'vitest';
import { RecentTokens } from './recent-tokens.ts';

const caller = { name: 'joe', scopes: new Set(['admin'] as const) };

it('knows a token for half a minute', () => {
  let now = 1_000_000;
  const tokens = new RecentTokens(() => now);
  tokens.keep('t', caller, undefined);
  expect([tokens.find('t'), tokens.find('other')]).toEqual([caller, undefined]);
  now += 30_000;
  expect(tokens.find('t')).toBeUndefined();
});

it('knows no token for longer than it is good', () => {
  let now = 1_000_000;
  const tokens = new RecentTokens(() => now);
  tokens.keep('t', caller, now / 1000 + 5);
  now += 4999;
  expect(tokens.find('t')).toBe(caller);
  now += 1;
  expect(tokens.find('t')).toBeUndefined();
});

it('does not grow with the tokens that come', () => {
  const tokens = new RecentTokens(() => 0);
  for (let at = 0; at < 1001; at += 1) tokens.keep(`t${at}`, caller, undefined);
  expect([tokens.find('t0'), tokens.find('t1000')]).toEqual([undefined, caller]);
});
