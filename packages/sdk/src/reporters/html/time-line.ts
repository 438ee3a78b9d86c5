import type { StageResult, TestReport } from '../../contracts/report.ts';
import { shortDuration } from '../short-duration.ts';
import { type Markup, markup } from './markup.ts';
import { signOf } from './status.ts';

/** Pixels: a row is a line of text and a bar below it. */
const ROW = 40;
const TEXT_Y = 15;
const BAR_Y = 22;
const BAR_HEIGHT = 10;
const AXIS = 24;
/** A bar that is thinner than this, in percent of the width, would not be seen. */
const THINNEST = 0.6;
const TICKS = [0, 25, 50, 75, 100];

interface Bar {
  /** Percent of the whole test. */
  readonly from: number;
  readonly width: number;
}

/**
 * The stages of a test over its time, as SVG. Across it measures in percent and along it in pixels, so that on a narrow
 * screen bars get shorter and letters stay as they are.
 */
export function timeLine(report: TestReport, id: string): Markup {
  const height = report.stages.length * ROW;
  const whole = wholeTime(report);
  return markup`<svg class="time-line" role="img" aria-labelledby="${id}-time-line-title" width="100%" height="${height + AXIS}">
<title id="${id}-time-line-title">${inWords(report)}</title>
${TICKS.map((percent) => markup`<line class="tick" x1="${percent}%" x2="${percent}%" y1="0" y2="${height}"/>`)}
${report.stages.map((stage, index) => row(stage, index * ROW, barOf(stage, report, whole)))}
${TICKS.map((percent) => tickLabel(percent, height + AXIS - 8, (whole * percent) / 100))}
</svg>`;
}

function row(stage: StageResult, top: number, bar: Bar): Markup {
  const took = stage.status === 'skipped' ? 'skipped' : shortDuration(stage.durationMs);
  const drawn = markup`<rect class="bar ${stage.status}" x="${bar.from.toFixed(2)}%" y="${top + BAR_Y}" width="${bar.width.toFixed(2)}%" height="${BAR_HEIGHT}" rx="2"/>`;
  return markup`<text class="${stage.status}" x="0" y="${top + TEXT_Y}">${signOf(stage.status)} ${stage.name}</text>
<text class="took" x="100%" y="${top + TEXT_Y}" text-anchor="end">${took}</text>
<rect class="track" x="0" y="${top + BAR_Y}" width="100%" height="${BAR_HEIGHT}" rx="2"/>
${stage.status === 'skipped' ? undefined : drawn}
`;
}

function tickLabel(percent: number, y: number, ms: number): Markup {
  const anchor = percent === 0 ? 'start' : percent === 100 ? 'end' : 'middle';
  return markup`<text class="axis" x="${percent}%" y="${y}" text-anchor="${anchor}">${shortDuration(ms)}</text>`;
}

/** Milliseconds from the start of the test to the end of whatever ended last; never 0. */
function wholeTime(report: TestReport): number {
  const ends = report.stages.map((stage) => startOf(stage, report) + stage.durationMs);
  return Math.max(1, report.durationMs, ...ends);
}

function startOf(stage: StageResult, report: TestReport): number {
  return Math.max(0, Date.parse(stage.startedAt) - Date.parse(report.startedAt));
}

function barOf(stage: StageResult, report: TestReport, whole: number): Bar {
  const width = Math.min(100, Math.max(THINNEST, (stage.durationMs / whole) * 100));
  return { from: Math.min((startOf(stage, report) / whole) * 100, 100 - width), width };
}

/** For those who do not see the picture. */
function inWords({ stages, durationMs }: TestReport): string {
  const ran = stages.filter(({ status }) => status !== 'skipped');
  const each = ran.map(({ name, status, durationMs: ms }) => `${name} ${status}, ${shortDuration(ms)}`);
  return `Time line of the stages, ${shortDuration(durationMs)} in all: ${each.join('; ')}`;
}
