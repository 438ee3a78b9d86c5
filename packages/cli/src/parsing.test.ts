import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeOutputDirectory } from './output-directory.ts';
import { parseDuration } from './parse-duration.ts';
import { parsePairs } from './parse-pairs.ts';
import { parseTarget } from './parse-target.ts';
import { readRunnerOptions } from './runner-options.ts';
import { parseJobs, testRequests } from './test-requests.ts';

const directory = mkdtempSync(join(tmpdir(), 'alts-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
const deb = join(directory, 'hello.deb');
writeFileSync(deb, '');
const refused = expect.objectContaining({ code: 'invalid_request' });

describe('what is to be tested', () => {
  it.each([
    ['hello', { name: 'hello' }],
    ['hello=2.10-3', { name: 'hello', version: '2.10-3' }],
    ['hello=1:2=3', { name: 'hello', version: '1:2=3' }],
    ['https://mirror.example/hello.deb', { url: 'https://mirror.example/hello.deb' }],
    ['HTTP://mirror.example/a=b.deb', { url: 'HTTP://mirror.example/a=b.deb' }],
    [deb, { file: deb }],
  ])('%s', (text, spec) => expect(parseTarget(text)).toEqual(spec));

  it.each([['missing.deb'], ['./missing'], ['../../x'], ['foo; rm -rf /'], ['x.rpm']])('%s is no file', (text) => {
    expect(() => parseTarget(text)).toThrow(`there is no file ${JSON.stringify(text)}`);
  });

  it('is not a directory', () => {
    expect(() => parseTarget(directory)).toThrow('is not a file');
  });
});

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text, '--timeout x')).toBe(ms));

  it.each([[''], ['30'], ['s'], ['-1s'], ['0s'], ['1d'], ['1e3s'], [' 1s'], ['597h'], ['99999999999s']])(
    '"%s" is none',
    (text) => expect(() => parseDuration(text, '--timeout x')).toThrow(refused),
  );
});

describe('key=value', () => {
  it('splits at the first =', () => {
    expect({ ...parsePairs(['a=1', 'b=2=3', 'c='], '--o', 'x') }).toEqual({ a: '1', b: '2=3', c: '' });
  });

  it('has no way to the prototype', () => {
    const pairs = parsePairs(['__proto__=x'], '--o', 'x');
    expect(Object.getPrototypeOf(pairs)).toBeNull();
  });

  it.each([[['a']], [['=1']], [['a=1', 'a=2']]])('%j is refused', (texts) => {
    expect(() => parsePairs(texts, '--o', 'x')).toThrow(refused);
  });
});

describe('options of a runner', () => {
  const options = z.object({
    network: z.string(),
    memory: z.number(),
    init: z.boolean(),
    images: z.record(z.string(), z.string()),
  });
  it('are read as what the schema wants', () => {
    const texts = ['network=12', 'memory=512', 'init=true', 'images={"debian:12":"mine"}'];
    expect(readRunnerOptions({ options }, texts)).toEqual({
      network: '12',
      memory: 512,
      init: true,
      images: { 'debian:12': 'mine' },
    });
  });

  it('are left to the schema to refuse', () => {
    expect(readRunnerOptions({ options }, ['memory=much'])).toEqual({ memory: 'much' });
    expect(readRunnerOptions('not a plugin', ['a=b'])).toEqual({ a: 'b' });
  });
});

describe('requests of a command line', () => {
  const base = { runner: 'docker', output: 'x' };
  it('is one for each system, with the options in it', () => {
    const requests = testRequests('hello', {
      ...base,
      on: ['debian:12', 'debian:13/amd64'],
      repo: ['deb http://mirror.example/ x main', '{"name":"extra","url":"https://mirror.example/"}'],
      timeout: ['install_package=5m', 'command=500ms'],
      recommends: true,
    });
    expect(requests).toMatchObject([
      { system: { distribution: 'debian', version: '12' }, recommends: true },
      { system: { distribution: 'debian', version: '13', architecture: 'x86_64' } },
    ]);
    expect(requests[0]?.timeoutsMs).toMatchObject({ install_package: 300_000, command: 500, test: 7_200_000 });
    expect(requests[0]?.repositories).toEqual([
      'deb http://mirror.example/ x main',
      { name: 'extra', url: 'https://mirror.example/' },
    ]);
  });

  it('are all refused when one is wrong', () => {
    expect(() => testRequests('hello', { ...base, on: ['debian:12', 'debian'] })).toThrow(refused);
  });

  it('never shows what is in a repository that is not JSON', () => {
    const repo = ['{"url":"http://user:secret@mirror.example/"'];
    expect(() => testRequests('hello', { ...base, on: ['debian:12'], repo })).toThrow(/^--repo: [^s]*s[^:]*JSON$/);
  });
});

describe('--jobs', () => {
  it('is as many as there are systems, up to the CPUs', () => {
    expect(parseJobs(undefined, 3, 8)).toBe(3);
    expect(parseJobs(undefined, 9, 4)).toBe(4);
    expect(parseJobs('7', 3, 2)).toBe(7);
  });

  it.each([['0'], ['-1'], ['1.5'], ['many'], ['']])('"%s" is refused', (text) => {
    expect(() => parseJobs(text, 1, 1)).toThrow(refused);
  });
});

describe('--output', () => {
  it('is made, with what is missing above it; twice is no fault', async () => {
    const path = join(directory, 'a/b/c');
    await makeOutputDirectory(path);
    await makeOutputDirectory(path);
    expect(() => parseTarget(path)).toThrow('is not a file');
  });

  it.each([['/proc/alts-results'], [`${deb}/results`], [deb]])('%s cannot be made', async (path) => {
    await expect(makeOutputDirectory(path)).rejects.toThrow(refused);
  });
});

describe('test suites of the command line', () => {
  const options = { on: ['debian:12'], runner: 'docker', output: 'out' };
  const suites = (tests: string[], env: string[] = []) => testRequests('hello', { ...options, tests, env })[0]?.tests;

  it('are lines or JSON, each with all variables', () => {
    expect(suites(['./t', '{"url": "https://git.example/x", "ref": "main"}'], ['A=b=c', 'B='])).toMatchObject([
      { directory: './t', environment: { A: 'b=c', B: '' } },
      { url: 'https://git.example/x', ref: 'main', environment: { A: 'b=c', B: '' } },
    ]);
  });

  it.each([
    [['{"url"'], [], '--tests: starts with "{" and is not JSON'],
    [['{"url": "x"}'], [], '--tests: url: must be the URL of a git repository'],
    [['./t'], ['A'], '--env: "A" is not <name>=<value>'],
    [[], ['A=b'], '--env: there is no --tests'],
  ])('are refused: %j %j', (tests, env, message) => expect(() => suites(tests, env)).toThrow(message));
});
