import { describe, expect, it } from 'vitest';
import { AltsError } from './errors.ts';
import { parseRequest } from './request.ts';
import type { SuiteSpecInput } from './suite.ts';

const parse = (input: unknown) =>
  parseRequest({ package: { name: 'hello' }, system: 'debian:12', tests: [input as SuiteSpecInput] }).tests[0];

function refusal(input: unknown): string {
  try {
    parse(input);
  } catch (error) {
    if (AltsError.is(error)) return error.message;
  }
  throw new Error('it was accepted');
}

describe('where tests come from, in one line', () => {
  it.each([
    ['https://git.example/x.git', { url: 'https://git.example/x.git' }],
    ['https://git.example/x.git/a/b', { url: 'https://git.example/x.git', dir: 'a/b' }],
    ['https://git.example/x.git/a/#v1', { url: 'https://git.example/x.git', dir: 'a', ref: 'v1' }],
    ['https://git.example/x.git#12345/2', { url: 'https://git.example/x.git', ref: '12345/2' }],
    ['git@git.example:team/x.git/t', { url: 'git@git.example:team/x.git', dir: 't' }],
    ['ssh://git.example/x', { url: 'ssh://git.example/x' }],
    ['./tests', { directory: './tests' }],
    ['/srv/x.git', { directory: '/srv/x.git' }],
    ['tests.tar.zst', { tarball: 'tests.tar.zst' }],
    ['https://host.example/t.tgz?x=1', { tarball: 'https://host.example/t.tgz?x=1' }],
  ])('%s', (line, expected) => expect(parse(line)).toMatchObject(expected));

  it('is completed with defaults', () => {
    expect(parse('./tests')).toEqual({
      directory: './tests',
      environment: {},
      requires: [],
      retries: 0,
      timeoutsMs: { test: 1_800_000, tests: {} },
    });
  });
});

describe('what no suite may say', () => {
  it.each([
    [{ url: 'ext::sh -c id' }, 'tests.0.url: must be the URL of a git repository'],
    ['ext::sh -c id.git', ''],
    [{ url: 'file:///etc' }, 'tests.0.url: must be the URL of a git repository'],
    ['file:///srv/x.git', 'must be the URL of a git repository'],
    [{ url: '-oProxyCommand=id' }, 'must be the URL of a git repository'],
    [{ url: 'https://git.example/x', ref: '--upload-pack=id' }, 'tests.0.ref: must be a branch'],
    [{ url: 'https://git.example/x', ref: 'a..b' }, 'tests.0.ref'],
    [{ url: 'https://git.example/x', ref: 'a:b' }, 'tests.0.ref'],
    [{ directory: 'x', dir: '../y' }, 'tests.0.dir: must be a path inside the suite'],
    [{ directory: 'x', dir: '/y' }, 'tests.0.dir: must be a path inside the suite'],
    [{ tarball: 'x.zip' }, 'tests.0.tarball: must be the path or URL of a .tar'],
    [{ directory: 'x', environment: { 'A=B': 'x' } }, 'tests.0.environment'],
    [{ directory: 'x', retries: 11 }, 'tests.0.retries'],
    [{ directory: 'x', only: [] }, 'tests.0.only'],
    [{ directory: 'x', dirr: 'y' }, 'dirr'],
  ])('%j', (input, message) => {
    // A line that is no URL is a directory, and is never handed to git.
    if (message === '') expect(parse(input)).toMatchObject({ directory: input });
    else expect(refusal(input)).toContain(message);
  });
});
