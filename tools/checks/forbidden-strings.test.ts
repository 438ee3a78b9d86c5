import { expect, test } from 'vitest';
import { forbiddenStrings } from './forbidden-strings.ts';
import { repositoryOf } from './repository.ts';

const places = (file: string, text: string) =>
  [...forbiddenStrings(repositoryOf({ [file]: text }))].map((problem) => problem.file);

test.each([
  ['a mirror', 'x.ts', ['http://deb', 'debian', 'org/debian'].join('.')],
  ['a registry', 'docs/x.md', ['https://registry', 'npmjs', 'org/'].join('.')],
  ['a path of this machine', 'x.sh', ['cd ', 'work', 'main'].join('/')],
  ['a backend’s library in the SDK', 'packages/sdk/src/x.ts', `import '${'docker'}${'ode'}';`],
  ['a registry’s address in the lock file', 'package-lock.json', '"resolved": "https://x.example/y.tgz"'],
])('%s is found, with its line', (_, file, text) => {
  expect(places(file, `first line\n${text}\n`)).toEqual([`${file}:2`]);
});

test.each([
  ['a mirror that stands for any', 'x.ts', 'http://mirror.example/debian'],
  ['a link inside the workspace', 'package-lock.json', '"resolved": "packages/sdk"'],
  ['a backend’s library in the backend', 'packages/runner-docker/src/x.ts', `import '${'docker'}${'ode'}';`],
  ['a web page of a project', 'README.md', 'https://www.debian.org/doc/debian-policy/'],
])('%s is fine', (_, file, text) => {
  expect(places(file, text)).toEqual([]);
});
