import type { TestEvent } from '../contracts/events.ts';
import type { StageResult } from '../contracts/report.ts';
import { stageFacts } from './evidence.ts';
import type { Palette } from './palette.ts';
import { safeLine } from './safe-text.ts';
import { shortDuration } from './short-duration.ts';
import { testLines } from './suite-lines.ts';

/** `✓ install_package 2.1s`; says why where a stage did not pass. */
export function stageLine(result: StageResult, palette: Palette): string {
  const said = stageFacts(result).map((fact) => `, ${fact}`);
  const took = `${result.name} ${shortDuration(result.durationMs)}${said.join('')}`;
  switch (result.status) {
    case 'passed':
      return `${palette.good('✓')} ${took}`;
    case 'failed':
      return `${palette.bad('✗')} ${took} failed: ${safeLine(result.failure.message)}`;
    case 'error':
      return `${palette.warning('!')} ${took} error: ${safeLine(result.error.message)}`;
    case 'cancelled':
      return `${palette.warning('!')} ${took} cancelled`;
    case 'skipped':
      return palette.dim(`- ${result.name} skipped: ${safeLine(result.reason)}`);
  }
}

/**
 * The lines of stages and tests as they end. Those that are skipped because an earlier stage ended the test are left out: the
 * report has them, and five lines below the one that matters would only push it away.
 */
export class StageLines {
  readonly #ended = new Set<string>();

  /** Empty for an event that needs no line. */
  linesOf(event: TestEvent, palette: Palette): string[] {
    if (event.type === 'test-finished') return testLines(event.test, palette);
    if (event.type !== 'stage-finished') return [];
    const { taskId, result } = event;
    const follows = this.#ended.has(taskId) && result.name !== 'stop_environment';
    if (result.status !== 'passed' && result.status !== 'skipped') this.#ended.add(taskId);
    return follows && result.status === 'skipped' ? [] : [stageLine(result, palette)];
  }
}
