import { describe, expect, it } from 'vitest';
import type { ExecEnd } from '../../contracts/environment.ts';
import type { Judgement } from '../../contracts/suite-plan.ts';
import { createJudge } from './create-judge.ts';

const exit = (code: number): ExecEnd => ({ type: 'exit', code });
const KILLED: ExecEnd = { type: 'signal', signal: 'SIGKILL' };
const TOO_LONG: ExecEnd = { type: 'time-limit', limitMs: 90_000 };

function judge(output: string | Uint8Array, end: ExecEnd = exit(0), pieceLength = Number.POSITIVE_INFINITY): Judgement {
  const judging = createJudge({ type: 'tap' });
  const bytes = typeof output === 'string' ? Buffer.from(output) : output;
  for (let at = 0; at < bytes.length; at += pieceLength) {
    judging.push({ stream: 'stdout', bytes: bytes.subarray(at, at + pieceLength) });
  }
  return judging.end(end);
}

const lines = (...text: string[]): string => `${text.join('\n')}\n`;
const cases = (...text: string[]) => judge(lines(...text)).cases;
const names = (...text: string[]) => cases(...text).map(({ name, status }) => `${status}: ${name}`);

describe('output that is not TAP', () => {
  const LOG = lines(
    'starting',
    'ok',
    'not okay',
    'ok then',
    '10..20',
    'Bail out!',
    '  ok 1 - two spaces are none of TAP',
  );

  it('is judged by the exit code alone', () => {
    expect(judge(LOG)).toEqual({ status: 'passed', cases: [] });
    expect(judge('')).toEqual({ status: 'passed', cases: [] });
    expect(judge(LOG, exit(3))).toEqual({ status: 'failed', reason: 'exit code 3', cases: [] });
    expect(judge(LOG, KILLED)).toEqual({ status: 'failed', reason: 'ended by SIGKILL', cases: [] });
  });

  it('is timed out after its limit', () => {
    expect(judge(LOG, TOO_LONG)).toEqual({ status: 'timed-out', reason: 'not done after 90 s', cases: [] });
  });

  it('on standard error is no TAP, whatever it looks like', () => {
    const judging = createJudge({ type: 'tap' });
    judging.push({ stream: 'stderr', bytes: Buffer.from('1..1\nnot ok 1\n') });
    expect(judging.end(exit(0))).toEqual({ status: 'passed', cases: [] });
  });
});

describe('TAP', () => {
  it('decides by its cases', () => {
    expect(judge(lines('TAP version 14', '1..2', 'ok 1 - a', 'ok 2 - b'))).toEqual({
      status: 'passed',
      cases: [
        { name: 'a', status: 'passed' },
        { name: 'b', status: 'passed' },
      ],
    });
    expect(judge(lines('1..2', 'ok 1 - a', 'not ok 2 - b'))).toMatchObject({
      status: 'failed',
      reason: '1 of 2 cases failed, the first: b',
    });
  });

  it('is the same in whatever pieces it comes', () => {
    const text = lines('1..3', 'ok 1 - ä', 'not ok 2 - 💥', '  ---', '  got: ö', '  ...', 'ok 3 - c');
    for (const length of [1, 2, 3, 7]) expect(judge(text, exit(1), length)).toEqual(judge(text, exit(1)));
  });

  it.each([
    ['a version', ['TAP version 13', 'not ok']],
    ['a plan before', ['1..1', 'not ok']],
    ['a plan behind', ['not ok', '1..1']],
    ['a number', ['not ok 1']],
    ['a dash', ['not ok - it does not work']],
  ])('is what has %s', (_what, text) => {
    expect(judge(lines(...text))).toMatchObject({ status: 'failed', cases: [{ status: 'failed' }] });
  });

  it('needs no plan, no number, no name, no last line feed, and may have carriage returns', () => {
    expect(judge('ok 1\r\nok - b\r\nok')).toMatchObject({ status: 'passed' });
    expect(names('ok 1', 'ok - b', 'ok')).toEqual(['passed: 1', 'passed: b', 'passed: 3']);
  });

  it('may have anything between its lines', () => {
    expect(names('hello', '1..2', 'ok 1 - a', '}', '\tok 7', '   x', '', '{', 'ok 2 - b', 'bye')).toEqual([
      'passed: a',
      'passed: b',
    ]);
  });

  it('that is all ok fails with the exit code, and with a signal', () => {
    expect(judge(lines('1..1', 'ok 1'), exit(1))).toMatchObject({
      status: 'failed',
      reason: 'no case failed, but exit code 1',
      cases: [{ name: '1', status: 'passed' }],
    });
    expect(judge(lines('1..1', 'ok 1'), KILLED).reason).toBe('no case failed, but ended by SIGKILL');
  });

  it('of a test that did not come to its end shows the cases until then', () => {
    expect(judge(lines('1..2', 'ok 1 - a'), TOO_LONG)).toEqual({
      status: 'timed-out',
      reason: 'not done after 90 s',
      cases: [{ name: 'a', status: 'passed' }],
    });
    expect(judge(lines('1..2', 'ok 1 - a'), KILLED).reason).toBe('planned 2, ran 1; ended by SIGKILL');
  });
});

describe('directives', () => {
  it('TODO: a failure that is expected decides nothing', () => {
    expect(judge(lines('1..2', 'not ok 1 - a # TODO later', 'ok 2 - b # todo works already'))).toEqual({
      status: 'passed',
      cases: [
        { name: 'a', status: 'todo', reason: 'later' },
        { name: 'b', status: 'passed', reason: 'works already' },
      ],
    });
  });

  it('SKIP: a case that was not run decides nothing, even where there is no other', () => {
    expect(judge(lines('1..2', 'ok 1 - a # SKIP no network', 'not ok 2 # skip'))).toEqual({
      status: 'passed',
      cases: [
        { name: 'a', status: 'skipped', reason: 'no network' },
        { name: '2', status: 'skipped' },
      ],
    });
  });

  it('an escaped # is part of the name', () => {
    expect(names('1..1', 'not ok 1 - issue \\# TODO')).toEqual(['failed: issue # TODO']);
  });

  it('a plan of no tests skips the whole test, with its reason', () => {
    expect(judge(lines('1..0 # SKIP no display'))).toEqual({ status: 'skipped', reason: 'no display', cases: [] });
    expect(judge(lines('1..0'))).toEqual({ status: 'skipped', reason: 'the plan is 1..0', cases: [] });
    expect(judge(lines('1..0 # SKIP no display'), exit(1)).status).toBe('failed');
    expect(judge(lines('1..0 # SKIP no display', 'ok 1')).reason).toBe('out of place: ok 1');
  });
});

describe('what fails a test of which no case failed', () => {
  it.each([
    ['too few tests', ['1..3', 'ok 1', 'ok 2'], 'planned 3, ran 2'],
    ['too many tests', ['1..1', 'ok 1', 'ok 2'], 'planned 1, ran 2'],
    ['no test at all', ['1..2'], 'planned 2, ran 0'],
    ['nothing but a version', ['TAP version 14'], 'TAP without any test'],
    ['a second plan', ['1..1', 'ok 1', '1..1'], 'out of place: 1..1'],
    ['a test behind the plan at the end', ['ok 1', '1..1', 'not ok 2'], 'out of place: not ok 2'],
    ['a number that comes twice', ['1..2', 'ok 1', 'ok 1'], 'test point id 1 appears multiple times'],
    ['bailing out', ['1..3', 'ok 1', 'Bail out! no database', 'ok 2', 'ok 3'], 'bailed out: no database'],
    ['bailing out without a word', ['1..1', 'ok 1', 'Bail out!'], 'bailed out'],
    ['bailing out in a subtest', ['# Subtest: a', '    ok 1 - b', '    Bail out! c', '1..1'], 'bailed out: c'],
    ['too few tests in a subtest', ['# Subtest: a', '    1..2', '    ok 1', 'ok 1 - a', '1..1'], 'a: planned 2, ran 1'],
  ])('%s', (_what, text, reason) => {
    expect(judge(lines(...text))).toMatchObject({ status: 'failed', reason });
  });

  it('not: numbers that come twice where there is no plan, as of two programs', () => {
    expect(judge(lines('ok 1 - a', 'ok 1 - b')).status).toBe('passed');
  });
});

describe('subtests', () => {
  it('are cases with the names above them', () => {
    const text = [
      '# Subtest: a',
      '    # Subtest: b',
      '        ok 1 - c',
      '        1..1',
      '    ok 1 - b',
      '    1..1',
      'ok 1 - a',
    ];
    expect(names(...text, '1..1')).toEqual(['passed: a > b > c']);
  });

  it('may have braces', () => {
    expect(names('1..1', 'not ok 1 - a {', '    1..2', '    ok 1 - b', '    not ok 2 - c', '}')).toEqual([
      'passed: a > b',
      'failed: a > c',
    ]);
  });

  it('without a name have that of the test point which closes them', () => {
    const inner = ['        ok 1 - c', '        1..1', '    ok 1 - b', '    1..1', 'ok 1 - a', '1..1'];
    expect(names(...inner)).toEqual(['passed: a > b > c']);
    expect(names('# Subtest: a', ...inner)).toEqual(['passed: a > b > c']);
  });

  it('that are TODO as a whole decide nothing', () => {
    const text = ['1..2', '# Subtest: a', '    1..3', '    not ok 1 - b', 'not ok 1 - a # TODO soon', 'ok 2 - d'];
    expect(judge(lines(...text)).status).toBe('passed');
    expect(names(...text)).toEqual(['todo: a > b', 'todo: a', 'passed: d']);
  });

  it('fail the test even where the point that closes them is ok', () => {
    expect(judge(lines('# Subtest: a', '    not ok 1 - b', '    1..1', 'ok 1 - a', '1..1')).status).toBe('failed');
  });
});

describe('diagnostics', () => {
  it('are the YAML block and the comments of a case that is not ok, as text', () => {
    const [a, b] = cases(
      '1..2',
      '# before',
      'not ok 1 - a',
      '  ---',
      '  got: *no',
      '    - {',
      '  ...',
      '# line 3',
      'ok 2',
      '# x',
    );
    expect(a?.diagnostics).toBe('got: *no\n  - {\nline 3');
    expect(b).toEqual({ name: '2', status: 'passed' });
  });

  it('of a subtest stay with its case', () => {
    const [a] = cases(
      '# Subtest: p',
      '    not ok 1 - a',
      '      ---',
      '      at: 1',
      '      ...',
      '    1..1',
      'not ok 1 - p',
      '1..1',
    );
    expect(a).toEqual({ name: 'p > a', status: 'failed', diagnostics: 'at: 1' });
  });

  it('that do not end, end with the next line of TAP', () => {
    expect(names('1..2', 'not ok 1 - a', '  ---', '  ok 7', 'ok 2 - b')).toEqual(['failed: a', 'passed: b']);
  });

  it('have at most 20 lines and 2000 characters', () => {
    const many = cases('not ok 1', ...Array.from({ length: 100 }, (_, n) => `# ${n}`))[0]?.diagnostics?.split('\n');
    expect(many).toHaveLength(21);
    expect(many?.at(-1)).toBe('…');
    expect(cases('not ok 1', `# ${'💥'.repeat(3000)}`)[0]?.diagnostics?.length).toBeLessThanOrEqual(2000);
  });
});

describe('output without end', () => {
  it('keeps 10,000 cases, counts the others, and judges all', () => {
    const text = `1..12000\n${'ok - a\n'.repeat(11_999)}not ok 12000 - the last\n`;
    const judgement = judge(text);
    expect(judgement).toMatchObject({ reason: '1 of 12000 cases failed, the first: the last', casesOmitted: 2000 });
    expect(judgement.cases).toHaveLength(10_000);
  });

  it('cuts names', () => {
    expect(cases(`not ok 1 - ${'n'.repeat(100_000)}`)[0]?.name).toHaveLength(1000);
  });

  it('may be no UTF-8', () => {
    expect(judge(Buffer.from('ok 1 - \xff\xfe\n', 'latin1')).cases).toEqual([
      { name: '\uFFFD\uFFFD', status: 'passed' },
    ]);
  });

  it('hides no failure behind what JavaScript takes for the end of a line', () => {
    expect(names('1..1', 'not ok 1 - a\u2028b')).toEqual(['failed: a b']);
  });

  it.each([
    ['one line', 'x'],
    ['one test point', 'ok 1 - '],
    ['lines', 'y\n'],
    ['comments', '# x\n'],
    ['plans', '1..3\n'],
    ['names of subtests', '# Subtest: x\n'],
    ['YAML', '  x: &a [*a]\n'],
    ['nested subtests', `${' '.repeat(64)}ok 1 - a\n    ok 1 - b\n`],
    ['indentation', ' '.repeat(4096)],
  ])(
    'takes little memory: 100 MB of %s',
    (_what, part) => {
      const piece = Buffer.from(part.repeat(Math.ceil(65_536 / part.length)));
      const judging = createJudge({ type: 'tap' });
      judging.push({ stream: 'stdout', bytes: Buffer.from('1..2\nok 1\nnot ok 2 - the case\n  ---\n') });
      const before = process.memoryUsage().heapUsed;
      for (let length = 0; length < 100_000_000; length += piece.length)
        judging.push({ stream: 'stdout', bytes: piece });
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
      expect(judging.end(exit(0))).toMatchObject({ status: 'failed' });
    },
    60_000,
  );
});
