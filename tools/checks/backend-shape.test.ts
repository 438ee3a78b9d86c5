import { expect, test } from 'vitest';
import { backendShape } from './backend-shape.ts';
import { repositoryOf } from './repository.ts';

const complete = [
  'index',
  'moon-options',
  'moon-errors',
  'moon-runner',
  'moon-environment',
  'moon-engine',
  'conformance.test',
];
const backend = (names: readonly string[]) =>
  repositoryOf({
    'packages/runner-moon/package.json': '{}',
    ...Object.fromEntries(names.map((name) => [`packages/runner-moon/src/${name}.ts`, ''])),
  });

test('a backend with all files of its kind is fine', () => {
  expect([...backendShape(backend(complete))]).toEqual([]);
});

test.each(complete)('a runner without %s.ts is named', (missing) => {
  const problems = [...backendShape(backend(complete.filter((name) => name !== missing)))];
  expect(problems.map((problem) => problem.file)).toEqual([`packages/runner-moon/src/${missing}.ts`]);
});

test('a package that is no backend may have any shape', () => {
  expect([...backendShape(repositoryOf({ 'packages/sdk/package.json': '{}' }))]).toEqual([]);
});
