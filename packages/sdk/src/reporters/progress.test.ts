import { describe, expect, it } from 'vitest';
import type { TestEvent } from '../contracts/events.ts';
import type { StageResult } from '../contracts/report.ts';
import { LiveProgress } from './live-progress.ts';
import { COLOURED, PLAIN } from './palette.ts';
import { PlainProgress } from './plain-progress.ts';
import { SCRIPT_FAILED_REPORT } from './reports.fixture.ts';
import { shortDuration } from './short-duration.ts';
import { stageLine } from './stage-line.ts';

type Parts<T> = T extends unknown ? Omit<T, 'taskId' | 'sequence' | 'at'> : never;
const event = (parts: Parts<TestEvent>, taskId = 't'): TestEvent =>
  ({ taskId, sequence: 0, at: '2026-01-02T03:04:05Z', ...parts }) as TestEvent;
const install = SCRIPT_FAILED_REPORT.stages.find(({ name }) => name === 'install_package')!;
const started = event({ type: 'stage-started', stage: 'install_package' });
const finished = event({ type: 'stage-finished', result: install });
const output = (text: string) => event({ type: 'output', stage: 'install_package', stream: 'stdout', text });

/** Keeps what was written, and plays a terminal well enough for what LiveProgress sends. */
class Screen {
  columns = 60;
  rows = 24;
  written = '';
  #lines: string[] = [];

  write(text: string): void {
    this.written += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
    const back = /^\r\x1b\[(\d+)A\x1b\[0J/.exec(text);
    if (back) this.#lines.splice(-Number(back[1]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
    const rest = text.slice(back?.[0].length ?? 0).replaceAll(/\x1b\[\?7[lh]/g, '');
    this.#lines.push(...rest.split('\n').slice(0, -1));
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}

describe('shortDuration', () => {
  it.each([
    [0, '0.0s'],
    [2149, '2.1s'],
    [59_949, '59.9s'],
    [59_950, '1m00s'],
    [125_000, '2m05s'],
    [3_599_400, '59m59s'],
    [3_720_000, '1h02m'],
  ])('%i ms is %s', (ms, text) => expect(shortDuration(ms)).toBe(text));
});

describe('the line of a stage', () => {
  const ran = { name: 'install_package', startedAt: '2026-01-02T03:04:05Z', durationMs: 2100, log: 'x.log' } as const;
  it.each<[StageResult, string]>([
    [{ ...ran, status: 'passed' }, '✓ install_package 2.1s'],
    [
      { ...ran, status: 'failed', failure: { reason: 'conflict', message: 'a\x1b[2J\nb' } },
      '✗ install_package 2.1s failed: a b',
    ],
    [{ ...ran, status: 'error', error: { code: 'disk_full', message: 'full' } }, '! install_package 2.1s error: full'],
    [{ ...ran, status: 'cancelled' }, '! install_package 2.1s cancelled'],
    [{ ...ran, status: 'skipped', reason: 'why' }, '- install_package skipped: why'],
  ])('says how it ended', (result, line) => expect(stageLine(result, PLAIN)).toBe(line));
});

describe('progress without a terminal', () => {
  it('is a line for each stage that has ended, and nothing for what packages print', () => {
    const screen = new Screen();
    const progress = new PlainProgress(screen, PLAIN);
    progress.event('debian:12', started);
    progress.event('debian:12', output('Unpacking\n'));
    progress.event('debian:12', finished);
    progress.close();
    expect(screen.written).toBe('debian:12  ✗ install_package 1m01s failed: the postinst of hello failed\n');
  });
});

describe('after the stage that ended a test', () => {
  const lines = (...ids: string[]) => {
    const screen = new Screen();
    const progress = new PlainProgress(screen, PLAIN);
    for (const result of SCRIPT_FAILED_REPORT.stages) {
      for (const id of ids) progress.event(id, event({ type: 'stage-finished', result }, id));
    }
    return screen.lines;
  };

  it('stages that are skipped for it have no line, and the end of the environment has', () => {
    expect(lines('t').map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      't  ✓ start_environment',
      't  ✓ initial_provision',
      't  ✓ system_info',
      't  ✗ install_package',
      't  ✓ stop_environment',
    ]);
  });

  it('is known for each test apart', () => {
    expect(lines('a', 'b')).toHaveLength(10);
  });

  it('a stage that is skipped before has its line', () => {
    const screen = new Screen();
    const result: StageResult = { ...install, status: 'skipped', reason: 'why' };
    new PlainProgress(screen, PLAIN).event('', event({ type: 'stage-finished', result }));
    expect(screen.lines).toEqual(['- install_package skipped: why']);
  });
});

describe('progress on a terminal', () => {
  it('shows the running stage with its time and what it says last, made safe', () => {
    const screen = new Screen();
    let now = 0;
    const progress = new LiveProgress(screen, PLAIN, () => now);
    progress.event('', started);
    now = 2100;
    progress.event('', output('Unpacking\n\x1b[2JSetting up hello\r\n\n'));
    progress.line('a line that stays');
    expect(screen.lines).toEqual(['a line that stays', '⠋ install_package 2.1s Setting up hello']);
    progress.close();
  });

  it('replaces it by the line of the stage when that has ended', () => {
    const screen = new Screen();
    const progress = new LiveProgress(screen, PLAIN, () => 0);
    progress.event('', started);
    progress.event('', finished);
    expect(screen.lines).toEqual(['✗ install_package 1m01s failed: the postinst of hello failed']);
    progress.close();
  });

  it('has a line for each of several tests, even of the same system', () => {
    const screen = new Screen();
    const progress = new LiveProgress(screen, PLAIN, () => 0);
    progress.event('debian:12', started);
    progress.event('debian:12', event({ type: 'stage-started', stage: 'system_info' }, 'other'));
    expect(screen.lines).toEqual(['debian:12  ⠋ install_package 0.0s', 'debian:12  ⠋ system_info 0.0s']);
    progress.close();
  });

  it('never draws more lines than the screen has', () => {
    const screen = new Screen();
    screen.rows = 3;
    const progress = new LiveProgress(screen, PLAIN, () => 0);
    for (const id of ['a', 'b', 'c', 'd'])
      progress.event(id, event({ type: 'stage-started', stage: 'system_info' }, id));
    expect(screen.lines).toHaveLength(2);
    progress.close();
  });

  it('leaves nothing behind that would not stay', () => {
    const screen = new Screen();
    const progress = new LiveProgress(screen, COLOURED, () => 0);
    progress.event('', started);
    progress.close();
    expect(screen.lines).toEqual([]);
    expect(screen.written.endsWith('\x1b[?7l')).toBe(false);
  });
});
