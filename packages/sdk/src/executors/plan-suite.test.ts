import { describe, expect, it } from 'vitest';
import type { SuitePlan } from '../contracts/suite-plan.ts';
import { planSuite } from './plan-suite.ts';
import { CONTAINER, type SuiteFile, suiteOf } from './suite-directory.fixture.ts';

const SCRIPTS = { 'a.sh': '#!/bin/sh\n', 'b.sh': '#!/bin/sh\n' };
const AUTOPKGTEST = { 'debian/tests/control': 'Tests: smoke', 'debian/tests/smoke': '#!/bin/sh\n' };
const TMT = { '.fmf/version': '1', 'main.fmf': '/one:\n  test: x\n/two:\n  test: x\n' };
const RPM = { ...CONTAINER, family: 'rpm', architecture: 'x86_64', distribution: 'almalinux', version: '9' } as const;

async function planOf(
  files: Readonly<Record<string, SuiteFile>>,
  { target = CONTAINER, only, dir = '' }: { target?: typeof CONTAINER; only?: string[]; dir?: string } = {},
): Promise<SuitePlan> {
  await using suite = await suiteOf(files, dir);
  return await planSuite(suite, { only }, target);
}
const namesOf = ({ tests }: SuitePlan) => tests.map(({ name }) => name);

describe('the format of a suite', () => {
  it('is that of its metadata, or else scripts', async () => {
    expect((await planOf({ ...SCRIPTS, ...AUTOPKGTEST })).format).toBe('autopkgtest');
    expect((await planOf({ ...SCRIPTS, ...TMT })).format).toBe('tmt');
    expect((await planOf(SCRIPTS)).format).toBe('scripts');
  });

  it('is that of the family where there are two', async () => {
    expect((await planOf({ ...AUTOPKGTEST, ...TMT })).format).toBe('autopkgtest');
    expect((await planOf({ ...AUTOPKGTEST, ...TMT }, { target: RPM })).format).toBe('tmt');
  });

  it('of a Debian source package is never scripts: its files are no tests', async () => {
    const { format, tests } = await planOf({ ...SCRIPTS, ...AUTOPKGTEST }, { target: RPM });
    expect(format).toBe('autopkgtest');
    expect(tests).toMatchObject([{ name: 'smoke', kind: 'autopkgtest' }]);
  });

  it('is looked for in the directory that is asked for', async () => {
    expect(namesOf(await planOf({ ...AUTOPKGTEST, 'qa/x': 'true' }, { dir: 'qa' }))).toEqual(['x']);
  });
});

describe('only', () => {
  it('chooses among the tests of any format', async () => {
    expect(namesOf(await planOf(SCRIPTS, { only: ['b*'] }))).toEqual(['b.sh']);
    expect(namesOf(await planOf(TMT, { only: ['/two'] }))).toEqual(['/two']);
    expect(await planOf(AUTOPKGTEST, { only: ['x'] })).toMatchObject({
      tests: [],
      notes: [expect.stringContaining('no debian/control'), 'no test is called "x", as "only" asks'],
    });
  });
});

it('a directory that is not there has no tests', async () => {
  expect(await planOf(SCRIPTS, { dir: 'gone' })).toEqual({ format: 'scripts', tests: [], notes: [] });
  expect(await planOf(SCRIPTS, { dir: 'a.sh' })).toEqual({ format: 'scripts', tests: [], notes: [] });
});
