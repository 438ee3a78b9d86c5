import type { TestReport } from '../../contracts/report.ts';
import { safeLine } from '../safe-text.ts';
import { shortDuration } from '../short-duration.ts';
import { type Markup, markup } from './markup.ts';

/** What was tested, on what, when; what is not known is left out. */
export function factList(report: TestReport): Markup {
  const { package: tested, system, runner } = report;
  const image = runner.image ? `${runner.image.name} (${runner.image.digest})` : null;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Package', tested.name],
    ['Version', tested.version],
    ['Architecture', tested.architecture],
    ['Origin', tested.origin],
    ['SHA-256', tested.sha256],
    ['System', system.name],
    ['Kernel', system.kernel],
    ['Runner', runner.type],
    ['Environment', runner.environment],
    ['Image', image],
    ['Started', `${report.startedAt.slice(0, 19).replace('T', ' ')} UTC`],
    ['Took', shortDuration(report.durationMs)],
    ['Task', report.taskId],
  ];
  return markup`<dl class="facts">${facts.map(([name, value]) =>
    value === null ? undefined : markup`<div><dt>${name}</dt><dd>${safeLine(value, 1000)}</dd></div>`,
  )}</dl>`;
}
