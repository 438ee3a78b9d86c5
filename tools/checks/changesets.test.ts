import { expect, test } from 'vitest';
import { changesets } from './changesets.ts';
import { repositoryOf } from './repository.ts';

const manifest = (version: string) => ({ 'packages/sdk/package.json': JSON.stringify({ name: '@alts/sdk', version }) });
const changeset = (name: string) => ({ '.changeset/x.md': `---\n"${name}": minor\n---\n\nSomething new.\n` });

function problems(changed: readonly string[], files: Record<string, string>, version = '1.0.0'): string[] {
  const check = changesets({ tags: ['@alts/sdk@1.0.0'], changed });
  return [...check(repositoryOf({ ...manifest(version), ...files }))].map((problem) => problem.file);
}

test('changed sources without a changeset are named', () => {
  expect(problems(['README.md', 'packages/sdk/src/x.ts'], {})).toEqual(['packages/sdk/src/x.ts']);
});

test('changed sources with a changeset are fine', () => {
  expect(problems(['packages/sdk/src/x.ts'], changeset('@alts/sdk'))).toEqual([]);
});

test('tests and documents need no changeset', () => {
  expect(problems(['packages/sdk/src/x.test.ts', 'docs/x.md'], {})).toEqual([]);
});

test('a changeset for a package that is not here is named', () => {
  expect(problems([], changeset('@alts/sdq'))).toEqual(['.changeset/x.md']);
});

test('a version that is not released yet is the changesets it was made from', () => {
  expect(problems(['packages/sdk/src/x.ts'], {}, '1.1.0')).toEqual([]);
});
