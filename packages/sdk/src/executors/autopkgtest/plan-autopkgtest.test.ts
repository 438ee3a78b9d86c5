import { describe, expect, it } from 'vitest';
import type { PlannedTest, SuitePlan } from '../../contracts/suite-plan.ts';
import { CONTAINER, type SuiteFile, suiteOf } from '../suite-directory.fixture.ts';
import { parseControlFile } from './control-file.ts';
import { matchesArchitecture } from './deb-architecture.ts';
import { planAutopkgtest } from './plan-autopkgtest.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of dpkg, not of JavaScript
const RECOMMENDS = 'Recommends: ${misc:Recommends}, less (>= ${x}) | more, gcc [arm64]';
const SOURCE = [
  ...['Source: hello', 'Build-Depends: debhelper', ''],
  ...['Package: hello', 'Architecture: any', RECOMMENDS, ''],
  ...['Package: hello-doc', 'Architecture: all', 'Description: docs', ' # not a comment of a test', ''],
  ...['Package: hello-arm', 'Architecture: arm64 any-arm', ''],
  ...['Package: hello-udeb', 'Architecture: any', 'Package-Type: udeb', ''],
  ...['Package: hello-old-udeb', 'XC-Package-Type: udeb', 'Architecture: any'],
].join('\n');
const SCRIPT = { mode: 0o755, text: '#!/bin/sh\n' };
const PLAIN = { type: 'dep8', allowStderr: false, skippable: false, flaky: false };
const ENV = { DEBIAN_FRONTEND: 'noninteractive', LANG: 'C.UTF-8' };

async function planOf(
  control: string,
  files: Readonly<Record<string, SuiteFile>> = {},
  target = {},
): Promise<SuitePlan> {
  const all = { 'debian/control': SOURCE, 'debian/tests/smoke': SCRIPT, 'debian/tests/control': control, ...files };
  await using suite = await suiteOf(all);
  return (await planAutopkgtest(suite, { ...CONTAINER, ...target })) ?? expect.fail('it is no suite of autopkgtest');
}

async function testOf(control: string, target = {}): Promise<PlannedTest> {
  const { tests } = await planOf(control, {}, target);
  return tests[0] ?? expect.fail('there is no test');
}

describe('a suite of autopkgtest', () => {
  it('is one with debian/tests/control', async () => {
    await using suite = await suiteOf({ 'debian/control': SOURCE });
    expect(await planAutopkgtest(suite, CONTAINER)).toBeUndefined();
  });

  it('may be in a directory of what was fetched', async () => {
    await using suite = await suiteOf({ 'qa/debian/tests/control': 'Tests: a', 'qa/debian/tests/a': SCRIPT }, 'qa');
    expect(await planAutopkgtest(suite, CONTAINER)).toMatchObject({
      tests: [{ name: 'a', command: ['./debian/tests/a'], requires: ['hello'] }],
      notes: ['there is no debian/control: "@" in Depends is hello'],
    });
  });
});

describe('Tests', () => {
  it('are run from the root of the source package, by no superuser, with all binary packages installed', async () => {
    expect(await planOf('Tests: smoke\n')).toEqual({
      format: 'autopkgtest',
      notes: [],
      tests: [
        {
          name: 'smoke',
          kind: 'autopkgtest',
          command: ['./debian/tests/smoke'],
          user: 'unprivileged',
          env: ENV,
          requires: ['hello', 'hello-doc'],
          protocol: PLAIN,
        },
      ],
    });
  });

  it('are separated by commas or spaces, need no execute bit, and may have the same name twice', async () => {
    const files = { 'debian/tests/a': '#!/usr/bin/perl -w\n', 'debian/tests/b': 'true' };
    const { tests } = await planOf('Tests: a, smoke\n b\nDepends:\n\nTests: a', files);
    expect(tests.map(({ name, command }) => [name, ...command])).toEqual([
      ['a', '/usr/bin/perl', '-w', './debian/tests/a'],
      ['smoke', './debian/tests/smoke'],
      ['b', 'sh', './debian/tests/b'],
      ['a#2', '/usr/bin/perl', '-w', './debian/tests/a'],
    ]);
  });

  it('may be in another directory, but not outside', async () => {
    const { tests } = await planOf('Tests: a\nTests-Directory: t', { 't/a': SCRIPT });
    expect(tests[0]).toMatchObject({ command: ['./t/a'] });
    expect((await testOf('Tests: a\nTests-Directory: ../t')).skip).toBe(
      'Tests-Directory leads out of the source package',
    );
    expect((await testOf('Tests: a/b')).skip).toBe('the name of a test may have no /');
  });

  it('that are not there are skipped, with the reason', async () => {
    expect((await testOf('Tests: gone')).skip).toBe('debian/tests/gone: cannot be read');
  });
});

describe('Test-Command', () => {
  it('is run by bash -e, and is called command1, command2, or as it says', async () => {
    const { tests } = await planOf(
      'Test-Command: hello --version | grep 2\nDepends:\n\nTest-Command: b\n\nTest-Command: c\nFeatures: x, test-name=cc',
    );
    expect(tests.map(({ name, command }) => [name, ...command])).toEqual([
      ['command1', 'bash', '-ec', 'hello --version | grep 2'],
      ['command2', 'bash', '-ec', 'b'],
      ['cc', 'bash', '-ec', 'c'],
    ]);
  });

  it('cannot be there together with Tests', async () => {
    expect((await testOf('Tests: smoke\nTest-Command: x')).skip).toBe(
      'only one of Tests and Test-Command may be given',
    );
    expect((await planOf('Depends: x')).notes).toEqual([
      'debian/tests/control: a stanza has neither Tests nor Test-Command',
    ]);
  });
});

describe('Depends', () => {
  const requires = async (value: string) => (await testOf(`Tests: smoke\nDepends: ${value}`)).requires;

  it.each([
    ['', []],
    ['gcc, libc6-dev (>= 2.31) | libc-dev,', ['gcc', 'libc6-dev (>= 2.31) | libc-dev']],
    ['@, gcc', ['hello', 'hello-doc', 'gcc']],
    ['@ | x', ['hello | x', 'hello-doc | x']],
    ['@, hello', ['hello', 'hello-doc']],
    ['@recommends@', ['less | more']],
    [
      'a [amd64], b [!amd64], c [linux-any], d [arm64 any-i386] | e, f:any, g:native (<< 2)',
      [...['a', 'c', 'e', 'f:any', 'g:native (<< 2)']],
    ],
    ['a,\n b, # c,\n# d,\n e', ['a', 'b', 'e']],
  ])('%j', async (value, expected) => {
    expect(await requires(value)).toEqual(expected);
  });

  it.each([
    ['@builddeps@', '@builddeps@ is not supported: build dependencies are not installed'],
    ['@other@', '"@other@" in Depends is not understood'],
    ['Not A Package', '"Not A Package" in Depends is not understood'],
    ['a; touch x', '"a; touch x" in Depends is not understood'],
    ['-o=x', '"-o=x" in Depends is not understood'],
  ])('%s skips the test', async (value, reason) => {
    expect(await testOf(`Tests: smoke\nDepends: ${value}`)).toMatchObject({ skip: reason, requires: [] });
  });

  it('have what is recommended with needs-recommends', async () => {
    const { requires: found } = await testOf('Tests: smoke\nRestrictions: needs-recommends');
    expect(found).toEqual(['hello', 'hello-doc', 'less | more']);
  });
});

describe('Restrictions', () => {
  const restricted = (words: string, target = {}) => testOf(`Tests: smoke\nRestrictions: ${words}`, target);

  it('say how the test is judged', async () => {
    expect((await restricted('allow-stderr, flaky skippable')).protocol).toEqual({
      type: 'dep8',
      allowStderr: true,
      skippable: true,
      flaky: true,
    });
    expect(await restricted('skip-not-installable')).toMatchObject({ skipNotInstallable: true });
  });

  it('say who runs it', async () => {
    expect(await restricted('needs-root')).not.toHaveProperty('user');
    expect(await restricted('allow-stderr')).toMatchObject({ user: 'unprivileged' });
  });

  it.each([
    ['isolation-machine', 'isolation-machine: it needs a machine of its own'],
    ['needs-reboot', 'needs-reboot: this environment cannot reboot'],
    ['build-needed', 'build-needed is not supported: the package is not built'],
    ['needs-sudo', 'needs-sudo is not supported: no user is allowed to use sudo'],
    ['hint-testsuite-triggers', 'hint-testsuite-triggers: it is not meant to be run'],
    ['needs-root, needs-unicorn', 'unknown restriction needs-unicorn'],
  ])('%s: the test is skipped', async (words, reason) => {
    expect((await restricted(words)).skip).toBe(reason);
  });

  it.each(['isolation-container', 'needs-internet', 'superficial', 'breaks-testbed', 'needs-root', ''])(
    '%s: the test is run',
    async (words) => {
      expect(await restricted(words)).not.toHaveProperty('skip');
    },
  );

  it('are met by a machine that can reboot', async () => {
    const machine = { isMachine: true, canReboot: true };
    expect(await restricted('isolation-machine, needs-reboot', machine)).not.toHaveProperty('skip');
  });

  it('breaks-testbed: last, and said; superficial: said', async () => {
    const first = 'Test-Command: a\nRestrictions: breaks-testbed\n\n';
    const { tests, notes } = await planOf(`${first}Tests: smoke\nRestrictions: superficial`);
    expect(tests.map(({ name }) => name)).toEqual(['smoke', 'command1']);
    expect(notes).toEqual([
      'superficial, so that passing says little: smoke',
      'run last, for they may break the system: command1',
    ]);
  });
});

describe('other fields', () => {
  it('Architecture skips the test elsewhere', async () => {
    expect((await testOf('Tests: smoke\nArchitecture: arm64')).skip).toBe('Architecture: not for amd64');
    expect((await testOf('Tests: smoke\nArchitecture: !amd64')).skip).toBe('Architecture: not for amd64');
    expect((await testOf('Tests: smoke\nArchitecture: all')).skip).toBe('Architecture: all is not allowed for a test');
    expect(await testOf('Tests: smoke\nArchitecture: any')).not.toHaveProperty('skip');
  });

  it('Classes say nothing here, an unknown one skips the stanza', async () => {
    expect(await testOf('Tests: smoke\nClasses: desktop')).not.toHaveProperty('skip');
    expect((await testOf('Tests: smoke\nRestriction: x')).skip).toBe('unknown field restriction');
  });

  it('on a system of rpm packages names stand for themselves, and what has none there is skipped', async () => {
    const control = 'Tests: smoke\nDepends: @, curl:native (>> 8), jq | yq, sed (= 4)\nArchitecture: amd64\n';
    const rpm = { family: 'rpm', architecture: 'x86_64' } as const;
    expect(await testOf(control, rpm)).toMatchObject({
      requires: ['hello', 'curl > 8', 'jq', 'sed = 4'],
      skipNotInstallable: true,
    });
    expect((await testOf('Tests: smoke\nArchitecture: arm64', rpm)).skip).toBe('Architecture: not for amd64');
  });

  it('lines that are none are said', async () => {
    expect((await planOf('Tests: smoke\nhello\n')).notes).toEqual(['debian/tests/control: line 2 is no field: hello']);
  });
});

describe('a control file', () => {
  it('has stanzas, comments, and lines that go on', () => {
    const { stanzas } = parseControlFile('# c\n\n\nA: 1 # x\n# y\n  2\n   # z\n\t3\r\nB:\n \n\nA:4\n');
    expect(stanzas.map((stanza) => Object.fromEntries(stanza))).toEqual([{ a: '1 2 3', b: '' }, { a: '4' }]);
  });
});

describe('an architecture', () => {
  it.each([
    ['amd64', 'any', true],
    ['amd64', 'linux-any', true],
    ['amd64', 'any-amd64', true],
    ['amd64', 'gnu-linux-any', true],
    ['amd64', 'linux-amd64', true],
    ['amd64', 'i386 amd64', true],
    ['amd64', '', true],
    ['amd64', '!arm64 !armhf', true],
    ['armhf', 'any-arm', true],
    ['amd64', 'hurd-any', false],
    ['amd64', 'any-i386', false],
    ['amd64', 'hurd-amd64', false],
    ['hurd-i386', 'linux-any', false],
    ['amd64', '!linux-any', false],
    ['amd64', 'x-y-z-amd64', false],
  ])('%s and "%s": %s', (architecture, list, expected) => {
    expect(matchesArchitecture(architecture, list.split(' ').filter(Boolean))).toBe(expected);
  });
});
