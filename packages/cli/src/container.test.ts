import { fileURLToPath } from 'node:url';
import { createContainer, TOKENS } from '@alts/sdk';
import { expect, it } from 'vitest';
import { composeCheckers } from './container.ts';

const MANNERS = {
  use: fileURLToPath(new URL('./third-party/checker.fixture.ts', import.meta.url)),
  says: 'Good day.',
};

it('adds checkers of others to those that come with ALTS', async () => {
  const builtIn = createContainer().resolve(TOKENS.checkers);
  const composed = await composeCheckers([MANNERS]);
  expect(composed.map(({ id }) => id)).toEqual([...builtIn.map(({ id }) => id), 'manners']);
  expect(await composeCheckers([])).toEqual(builtIn);
});

it('takes no two checkers with one id: nobody could say which one a waiver means', async () => {
  await expect(composeCheckers([MANNERS, MANNERS])).rejects.toMatchObject({
    code: 'invalid_plugin',
    message: 'checkers.1: there is a checker with the id "manners" already',
  });
});
