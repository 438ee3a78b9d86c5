import { describe, expect, it } from 'vitest';
import type { PlannedTest, SuitePlan } from '../../contracts/suite-plan.ts';
import { type SuiteFile, suiteOf } from '../suite-directory.fixture.ts';
import { parseDuration } from './duration.ts';
import { planTmt } from './plan-tmt.ts';

const TREE = { '.fmf/version': '1\n' };

async function planOf(files: Readonly<Record<string, SuiteFile>>, dir = ''): Promise<SuitePlan> {
  await using suite = await suiteOf({ ...TREE, ...files }, dir);
  return (await planTmt(suite)) ?? expect.fail('it is no suite of tmt');
}

async function testOf(...lines: string[]): Promise<PlannedTest> {
  const { tests } = await planOf({ 'a.fmf': ['test: ./a.sh', ...lines].join('\n') });
  return tests[0] ?? expect.fail('there is no test');
}

const notesOf = async (...lines: string[]) => (await planOf({ 'a.fmf': ['test: ./a.sh', ...lines].join('\n') })).notes;
const commandOf = ({ command }: PlannedTest) => command.at(-1);
const names = ({ tests }: SuitePlan) => tests.map(({ name }) => name);

describe('a suite of tmt', () => {
  it('is a tree of metadata with tests in it', async () => {
    await using none = await suiteOf({ 'a.fmf': 'test: x' });
    expect(await planTmt(none)).toBeUndefined();
    await using without = await suiteOf({ ...TREE, 'plan.fmf': 'execute:\n  how: tmt\n', 'story.fmf': 'story: x' });
    expect(await planTmt(without)).toBeUndefined();
  });

  it('may begin above its directory, from which it inherits', async () => {
    const files = {
      'main.fmf': 'require: gcc',
      'qa/a/main.fmf': 'test: ./t',
      'qa/b.fmf': 'test: b',
      'c.fmf': 'test: c',
    };
    const { tests } = await planOf(files, 'qa');
    expect(tests).toMatchObject([
      { name: '/qa/b', requires: ['gcc'] },
      { name: '/qa/a', requires: ['gcc'], cwd: 'a' },
    ]);
    expect(tests[0]).not.toHaveProperty('cwd');
  });
});

describe('a test of tmt', () => {
  it('is run by bash, as tmt does, in the directory of its metadata', async () => {
    const { tests, notes } = await planOf({
      'tests/smoke/main.fmf': 'summary: Smoke\ntest: ./t.sh "$A" | cat\ntag: [x]\n',
    });
    expect(notes).toEqual([]);
    expect(tests).toEqual([
      {
        name: '/tests/smoke',
        kind: 'tmt',
        command: ['bash', '-c', expect.stringContaining('exec bash -eo pipefail -c "$1"'), 'bash', './t.sh "$A" | cat'],
        cwd: 'tests/smoke',
        env: {
          TMT_TEST_NAME: '/tests/smoke',
          TMT_TEST_SERIAL_NUMBER: '1',
          TMT_TREE: '/tests/suite',
          TMT_REBOOT_COUNT: '0',
          TMT_TEST_RESTART_COUNT: '0',
        },
        requires: [],
        protocol: { type: 'tap' },
      },
    ]);
  });

  it('may say its directory, its packages, its time, its variables', async () => {
    expect(
      await testOf('path: /x/y', 'require: [gcc, /usr/bin/make]', 'duration: 1h 30m', 'environment: {A: 1, B: yes}'),
    ).toMatchObject({
      cwd: 'x/y',
      requires: ['gcc', '/usr/bin/make'],
      timeoutMs: 5_400_000,
      env: { A: '1', B: 'yes' },
    });
    expect(await testOf('require: gcc', 'duration: 90')).toMatchObject({ requires: ['gcc'], timeoutMs: 90_000 });
  });

  it('needs no files that it names: they are there', async () => {
    expect(await testOf('require:', '- type: file', '  pattern: /', '- gcc')).toMatchObject({ requires: ['gcc'] });
  });

  it.each([
    ['enabled: false', 'enabled: false'],
    ['enabled: no', 'enabled: false'],
    ['manual: true', 'manual: it is for a person to do'],
    ['framework: beakerlib', 'framework beakerlib is not supported'],
    ['result: xfail', 'result: xfail is not supported'],
    ['result: custom', 'result: custom is not supported'],
    ['require: library(openssl/certgen)', 'require: libraries of beakerlib are not supported'],
    ['require: [{type: library, name: /x}]', 'require: libraries of beakerlib are not supported'],
    ['require: [beakerlib]', 'require: libraries of beakerlib are not supported'],
    ['require: [--root=/]', 'require: "--root=/" is no package'],
    ['path: ../..', 'path leads out of the suite'],
  ])('is skipped with a reason: %s', async (line, reason) => {
    expect((await testOf(line)).skip).toBe(reason);
  });

  it('of which the result is not heeded decides nothing', async () => {
    expect(await testOf('result: info')).toMatchObject({ optional: true });
    expect(await testOf('result: respect')).not.toHaveProperty('optional');
  });

  it('that is no text is skipped', async () => {
    expect((await planOf({ 'a.fmf': 'test: [a]' })).tests[0]?.skip).toBe('test is no command');
  });

  it.each([
    ['check: avc', '/a: "check" is not heeded'],
    ['adjust: [{enabled: false, when: arch == x}]', '/a: "adjust" is not heeded'],
    ['recommend: gdb', '/a: recommended, and not installed: gdb'],
    ['duration: soon', '/a: duration is not understood'],
    ['environment: A=1', '/a: environment is no dictionary: not heeded'],
    ['environment: {A-B: 1}', '/a: environment: "A-B" is no variable with a text'],
    ['tag-: x', '/a: "tag-" is not understood, and not heeded'],
  ])('says what of it is not understood: %s', async (line, note) => {
    expect(await notesOf(line)).toEqual([note]);
  });
});

describe('the order of tests', () => {
  it('is that of `order`, then of the tree', async () => {
    const files = {
      'main.fmf': '/z:\n  test: z\n',
      'b.fmf': 'test: b',
      'a/main.fmf': 'test: a',
      'last.fmf': 'test: l\norder: 60',
    };
    expect(names(await planOf({ ...files, 'first.fmf': 'test: f\norder: 1' }))).toEqual([
      '/first',
      '/z',
      '/b',
      '/a',
      '/last',
    ]);
  });
});

describe('inheritance', () => {
  it('goes from a directory to what is in it, and from a node to those in it', async () => {
    const { tests } = await planOf({
      'main.fmf':
        'test: ./main.sh\nduration: 5m\nenvironment: {A: a}\n/one:\n  environment+: {B: b}\n  /deep/er:\n    duration: 1m\n',
      'two.fmf': 'test: ./two.sh\n',
      'dir/main.fmf': '/:\n  inherit: false\ntest: ./dir.sh\n',
    });
    expect(
      tests.map(({ name, timeoutMs, env, ...test }) => [
        name,
        commandOf({ name, env, ...test }),
        timeoutMs,
        env?.['B'],
      ]),
    ).toEqual([
      ['/one/deep/er', './main.sh', 60_000, 'b'],
      ['/two', './two.sh', 300_000, undefined],
      ['/dir', './dir.sh', undefined, undefined],
    ]);
  });

  it('adds with +, before with +<, as far as both go together', async () => {
    const text =
      'test: t\nrequire: [b]\nduration: 5m\ntest-name: x\n/x:\n  require+: [c]\n  duration+: " 1m"\n/y:\n  require+<: [a]\n/z:\n  require+: c';
    const { tests, notes } = await planOf({ 'main.fmf': text });
    expect(tests.map(({ requires, timeoutMs }) => [requires, timeoutMs])).toEqual([
      [['b', 'c'], 360_000],
      [['a', 'b'], 300_000],
      [['b'], 300_000],
    ]);
    expect(notes).toContain('/z: "require+" is not understood, and not heeded');
  });

  it('may be scattered: a later file counts', async () => {
    const files = { 'main.fmf': '/a:\n  test: one\n', 'a.fmf': 'test: two', 'a/main.fmf': 'test: three' };
    const { tests } = await planOf(files);
    expect(tests.map(commandOf)).toEqual(['three']);
  });

  it('leaves out what is above others, unless it says that it is to be selected', async () => {
    expect(names(await planOf({ 'main.fmf': 'test: t\n/a:\n  tag: x' }))).toEqual(['/a']);
    expect(names(await planOf({ 'a.fmf': 'test: t\n/:\n  select: true\n/b:\n  tag: x' }))).toEqual(['/a', '/a/b']);
  });

  it('knows no hidden files', async () => {
    expect(names(await planOf({ '.a.fmf': 'test: t', '.b/main.fmf': 'test: t', 'c.fmf': 'test: t' }))).toEqual(['/c']);
  });
});

describe('metadata that is broken', () => {
  it('is said, and the rest is read', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...[...'bcdefgh'].map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]}, `.repeat(9)}]`),
    ];
    const files = {
      'a.fmf': 'a: [',
      'b.fmf': '- x',
      'c.fmf': bomb.join('\n'),
      'd.fmf': '/x: 1',
      'e.fmf': '',
      'f.fmf': 'test: f',
    };
    const { tests, notes } = await planOf(files);
    expect(tests.map(commandOf)).toEqual(['f']);
    expect(notes).toHaveLength(4);
    expect(notes.map((note) => note.slice(0, 7))).toEqual(['/a.fmf:', '/b.fmf:', '/c.fmf:', '/d/x: h']);
  });
});

describe('a duration', () => {
  it.each([
    ['5m', 300],
    ['1h 3h 2m 3', 14_523],
    ['*3 2s *4', 24],
    ['1d', 86_400],
    ['5m15m', 1200],
    ['1.5h', 5400],
    ['10s *0.25', 3],
    [90, 90],
    ['999999d', 2_147_483.647],
  ])('%s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds * 1000);
  });

  it.each(['', '5 minutes', '-1', '0', 'm', '5m x', null, [5], '1e9'])('is none: %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
