import { describe, expect, it } from 'vitest';
import type { SuitePlan } from '../../contracts/suite-plan.ts';
import { selectTests } from '../select-tests.ts';
import { type SuiteFile, suiteOf } from '../suite-directory.fixture.ts';
import { planScripts } from './plan-scripts.ts';
import { parseShebang } from './shebang.ts';

async function plan(files: Readonly<Record<string, SuiteFile>>, dir = '', options = {}): Promise<SuitePlan> {
  await using suite = await suiteOf(files, dir);
  return await planScripts(suite, options);
}

const SCRIPT = '#!/bin/sh\ntrue\n';
const PLAY = '- hosts: all\n  tasks: []\n';
const names = ({ tests }: SuitePlan) => tests.map(({ name }) => name);
const run = (text: string, mode = 0o755): SuiteFile => ({ mode, text });

describe('the order of scripts', () => {
  it('is 0_init, 0_install, then by name, byte by byte', async () => {
    const files = ['b', 'a.sh', 'B', '10', '9', 'ä', '0_installer', '0_install', '0_init', '0_a'];
    const planned = await plan({
      ...Object.fromEntries(files.map((name) => [name, SCRIPT])),
      '0_init.yml': PLAY,
      'ansible/0_init.yml': PLAY,
    });
    const first = ['0_init', '0_init.yml', 'ansible/0_init.yml'];
    const others = ['0_install', '0_installer', '0_a', '10', '9', 'B', 'a.sh', 'b', 'ä'];
    expect(names(planned)).toEqual([...first, ...others]);
    expect(planned.tests.filter(({ optional }) => optional).map(({ name }) => name)).toEqual(first);
  });

  it('knows files directly in the directory, and links to files', async () => {
    const files = {
      'qa/test': SCRIPT,
      'qa/link': { link: '../other/far' },
      'qa/lib/part': SCRIPT,
      'qa/linked-directory': { link: 'lib' },
      'qa/.hidden': SCRIPT,
      'other/far': SCRIPT,
    };
    expect(names(await plan(files, 'qa'))).toEqual(['link', 'test']);
  });

  it('has no place for a link that leads out of the suite, nowhere, or to itself: it is named', async () => {
    const { tests, notes } = await plan({ out: { link: '/etc/passwd' }, gone: { link: 'x' }, self: { link: 'self' } });
    expect(tests).toEqual([]);
    expect(notes).toEqual(['left out, cannot be read: "gone", "self"', 'left out, leads out of the suite: "out"']);
  });
});

describe('what runs a script', () => {
  it.each<[string, SuiteFile, string, readonly string[], readonly string[]]>([
    ['a.sh', 'true', 'shell', ['bash', './a.sh'], ['bash']],
    ['a.bash', 'true', 'shell', ['bash', './a.bash'], ['bash']],
    ['a', 'true', 'shell', ['bash', './a'], ['bash']],
    ['a', run('true'), 'shell', ['bash', './a'], ['bash']],
    ['a.sh', run(SCRIPT), 'shell', ['./a.sh'], []],
    ['a.sh', SCRIPT, 'shell', ['/bin/sh', './a.sh'], []],
    ['a', '#!/usr/bin/env bash\n', 'shell', ['/usr/bin/env', 'bash', './a'], ['bash']],
    ['a', '#! /bin/bash -ex \n', 'shell', ['/bin/bash', '-ex', './a'], ['bash']],
    ['a.bats', '@test x {', 'bats', ['bats', '--tap', './a.bats'], ['bats']],
    ['a', run('#!/usr/bin/env bats\n'), 'bats', ['bats', '--tap', './a'], ['bats']],
    ['a.py', 'pass', 'python', ['python3', './a.py'], ['python3']],
    ['a.py', run('#!/usr/bin/python3\n'), 'python', ['./a.py'], ['python3']],
    ['a', '#!/usr/bin/python3.11 -I\n', 'python', ['/usr/bin/python3.11', '-I', './a'], ['python3.11']],
    ['a.py', run('#!/usr/bin/python\n'), 'python', ['python3', './a.py'], ['python3']],
    ['a', '#!/usr/bin/perl -w\n', 'executable', ['/usr/bin/perl', '-w', './a'], ['perl']],
    ['a', run('#!/opt/x/run\n'), 'executable', ['./a'], []],
    ['a.txt', run('#!/opt/x/run\n'), 'executable', ['./a.txt'], []],
    ['a', run('\x7fELF\0'), 'executable', ['./a'], []],
    ['-x y ä.sh', run(SCRIPT), 'shell', ['./-x y ä.sh'], []],
    ['-x', 'true', 'shell', ['bash', './-x'], ['bash']],
  ])('%s with %j: %s', async (name, file, kind, command, requires) => {
    const { tests, notes: _ } = await plan({ [name]: file });
    expect(tests).toEqual([{ name, kind, command, requires, protocol: { type: 'tap' } }]);
  });

  it('is what a first line with a carriage return means, which is said', async () => {
    const { tests, notes } = await plan({ a: run('#!/bin/sh\r\ntrue\r\n') });
    expect(tests[0]?.command).toEqual(['/bin/sh', './a']);
    expect(notes).toEqual(['a: its first line ends with a carriage return: run without it']);
  });

  it('is nothing on the environment for a playbook, by its path in the suite; skipped where that cannot be', async () => {
    const files = { 'qa/a.yml': PLAY, 'qa/vars.yaml': 'x: 1\n' };
    const { tests, notes } = await plan(files, 'qa');
    expect(tests).toMatchObject([
      {
        kind: 'ansible',
        command: ['qa/a.yml'],
        skip: expect.stringContaining('ansible cannot reach this environment'),
      },
    ]);
    expect(notes).toEqual(['left out, no playbook: "vars.yaml"']);
    expect((await plan(files, 'qa', { ansible: true })).tests[0]).not.toHaveProperty('skip');
  });
});

describe('what is no script', () => {
  it('is left out, and named', async () => {
    const data = { 'README.md': run('#1'), 'a.json': '{}', LICENSE: 'x', 'b.txt': 'x' };
    const { tests, notes } = await plan({ ...data, blob: '\0', e: '', '__init__.py': 'pass', test: 'true' });
    expect(tests.map(({ name }) => name)).toEqual(['test']);
    expect(notes).toEqual([
      'left out, document or data: "LICENSE", "README.md", "a.json", "b.txt"',
      'left out, part of others: "__init__.py"',
      'left out, binary data: "blob"',
      'left out, empty: "e"',
    ]);
  });
});

describe('the first line of a script', () => {
  it.each([
    ['#!/bin/sh', '/bin/sh', undefined, 'sh'],
    ['#! \t/bin/sh  -e  -u \nrest', '/bin/sh', '-e  -u', 'sh'],
    ['#!/usr/bin/env -S python3 -u\n', '/usr/bin/env', '-S python3 -u', 'python3'],
    ['#!/usr/bin/env A=1 /opt/bin/x\n', '/usr/bin/env', 'A=1 /opt/bin/x', 'x'],
    ['#!/usr/bin/env\n', '/usr/bin/env', undefined, 'env'],
  ])('%j', (text, interpreter, argument, program) => {
    const { argument: found, ...shebang } = parseShebang(text) ?? {};
    expect({ ...shebang, argument: found }).toEqual({ interpreter, argument, program, hasCarriageReturn: false });
  });

  it.each(['', '#', '#!', '#! \n', ' #!/bin/sh', '# !/bin/sh', '\uFEFF#!/bin/sh'])('is none: %j', (text) => {
    expect(parseShebang(text)).toBeUndefined();
  });
});

describe('only', () => {
  it('takes names and globs, in the order of the suite, and says which fit nothing', async () => {
    const planned = await plan({ 'a*': SCRIPT, ab: SCRIPT, 'c.sh': SCRIPT, d: SCRIPT });
    expect(names(selectTests(planned, undefined))).toEqual(['a*', 'ab', 'c.sh', 'd']);
    const selected = selectTests(planned, ['d', '*.sh', 'x?']);
    expect(names(selected)).toEqual(['c.sh', 'd']);
    expect(selected.notes).toEqual(['no test is called "x?", as "only" asks']);
  });
});
