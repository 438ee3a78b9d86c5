import { expect, test } from 'vitest';
import { packageFields } from './package-fields.ts';
import { repositoryOf, thisRepository } from './repository.ts';

const manifest = JSON.parse(thisRepository().text('packages/sdk/package.json') ?? '{}');
const complete = {
  LICENSE: 'all of it',
  'packages/sdk/package.json': JSON.stringify(manifest),
  'packages/sdk/LICENSE': 'all of it',
  'packages/sdk/README.md': '# sdk',
};
const messages = (files: Record<string, string>) =>
  [...packageFields(repositoryOf(files))].map(({ file, message }) => `${file} ${message}`);

test('a package with all fields, its licence and a README is fine', () => {
  expect(messages(complete)).toEqual([]);
});

test.each(['license', 'repository', 'homepage', 'bugs', 'type', 'engines', 'exports', 'sideEffects'])(
  'a package without "%s" is named',
  (field) => {
    const { [field]: _, ...rest } = manifest;
    const found = messages({ ...complete, 'packages/sdk/package.json': JSON.stringify(rest) });
    expect(found).toEqual([expect.stringContaining(`packages/sdk/package.json "${field}"`)]);
  },
);

test('a licence that is another one is named', () => {
  expect(messages({ ...complete, 'packages/sdk/LICENSE': 'some of it' })).toEqual([
    'packages/sdk/LICENSE has to be a copy of LICENSE',
  ]);
});

test('a private package may say what it likes', () => {
  expect(messages({ 'packages/x/package.json': '{"private": true}' })).toEqual([]);
});
