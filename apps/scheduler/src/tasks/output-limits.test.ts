import { expect, it } from 'vitest';
import type { TestTaskEvent } from '../table/event-table.ts';
import { OutputLimits } from './output-limits.ts';

const at = '2026-01-01T00:00:00.000Z';
let sequence = 0;
function output(taskId: string, attempt: number, text: string): TestTaskEvent {
  sequence += 1;
  const event = { type: 'output', stage: 'install_package', stream: 'stdout', text, taskId, sequence, at } as const;
  return { kind: 'test', taskId, attempt, event };
}
const verdict = (taskId: string, attempt: number): TestTaskEvent => ({
  kind: 'test',
  taskId,
  attempt,
  event: { type: 'verdict', verdict: 'passed', taskId, sequence: 9, at },
});
const MEGABYTE = 'x'.repeat(1024 * 1024);

it('lets two megabytes of an attempt pass, says once that there is more, and nothing after that', () => {
  const limits = new OutputLimits();
  const passed = Array.from({ length: 5 }, () => limits.pass(output('a', 1, MEGABYTE)));
  expect(passed.map((one) => one && 'stream' in one.event && one.event.stream)).toEqual([
    'stdout',
    'stdout',
    'notice',
    undefined,
    undefined,
  ]);
  expect(passed[2]?.event).toMatchObject({ text: expect.stringContaining('is in the log of the stage') });
});

it('lets 5000 events of an attempt pass', () => {
  const limits = new OutputLimits();
  const passed = Array.from({ length: 6000 }, () => limits.pass(output('a', 1, 'x'))).filter(Boolean);
  expect(passed).toHaveLength(5001);
});

it('is for each attempt, whatever the one before printed, and whether or not its end was heard', () => {
  const limits = new OutputLimits();
  for (let times = 0; times < 5; times += 1) limits.pass(output('a', 1, MEGABYTE));
  expect(limits.pass(output('a', 2, 'x'))?.event).toMatchObject({ stream: 'stdout' });
  expect(limits.pass(output('b', 1, 'x'))?.event).toMatchObject({ stream: 'stdout' });
});

it('forgets an attempt that is over, and of those that were never heard to end the oldest', () => {
  const limits = new OutputLimits();
  for (const id of ['a', 'b']) limits.pass(output(id, 1, MEGABYTE + MEGABYTE));
  limits.pass(verdict('a', 1));
  expect(limits.pass(output('a', 1, 'x'))?.event).toMatchObject({ stream: 'stdout' });
  expect(limits.pass(output('b', 1, 'x'))?.event).toMatchObject({ stream: 'notice' });
  for (let other = 0; other < 10_000; other += 1) limits.pass(output(`other-${other}`, 1, 'x'));
  expect(limits.pass(output('b', 1, 'x'))?.event).toMatchObject({ stream: 'stdout' });
});
