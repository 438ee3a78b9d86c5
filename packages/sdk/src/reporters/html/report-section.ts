import type { TestReport } from '../../contracts/report.ts';
import { describePackage, describeSystem } from '../report-text.ts';
import { safeLine } from '../safe-text.ts';
import { shortDuration } from '../short-duration.ts';
import { factList } from './facts.ts';
import { countFindings, findingList, fixedList } from './findings.ts';
import type { Logs } from './logs.ts';
import { type Markup, markup } from './markup.ts';
import { errored, outcome, stageList } from './stages.ts';
import { verdictBadge } from './status.ts';
import { suiteList } from './suites.ts';
import { timeLine } from './time-line.ts';

/** One test: verdict, reason, time line, findings, stages with their logs. */
export function reportSection(report: TestReport, logs: Logs, id: string): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${describeSystem(report)} ${verdictBadge(report.verdict)}</h2>
<p class="quiet">${about(report)}</p>
${reason(report)}
<h3>Time line</h3>
${timeLine(report, id)}
<h3>Findings: ${countFindings(report.findings)}</h3>
${findingList(report)}
${fixedList(report)}
${suiteList(report, logs)}
<h3>Stages and logs</h3>
${stageList(report, logs)}
<h3>Facts</h3>
${factList(report)}
</section>
`;
}

/** What the heading leaves out. */
function about(report: TestReport): string {
  const system = report.system.name ? `, ${safeLine(report.system.name)}` : '';
  return `${describePackage(report)}${system}, in ${shortDuration(report.durationMs)}`;
}

/** Of the stage that decided, or of the error that is no stage's own. */
function reason({ stages, error }: TestReport): Markup | undefined {
  const culprit = stages.find(({ status }) => status !== 'passed' && status !== 'skipped');
  if (culprit) return markup`<div class="reason"><h3>${culprit.name}</h3>${outcome(culprit)}</div>`;
  return error ? markup`<div class="reason"><h3>Error</h3>${errored(error)}</div>` : undefined;
}
