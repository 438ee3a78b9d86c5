import { expect, test } from 'vitest';
import { lockFile } from './lock-file.ts';
import { repositoryOf } from './repository.ts';

const linter = { optionalDependencies: { '@x/linux': '1', '@x/darwin': '1' } };
const problems = (packages: object) => [
  ...lockFile(repositoryOf({ 'package-lock.json': JSON.stringify({ packages }) })),
];

test('a lock file with the packages of all platforms is fine', () => {
  const platforms = { 'node_modules/@x/linux': {}, 'node_modules/a/node_modules/@x/darwin': {} };
  expect(problems({ 'node_modules/linter': linter, ...platforms })).toEqual([]);
});

test('a platform that was left out is named', () => {
  const found = problems({ 'node_modules/linter': linter, 'node_modules/@x/linux': {} });
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining('@x/darwin, which node_modules/linter'),
  ]);
});
