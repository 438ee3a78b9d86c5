import type { SerializedError } from '../../contracts/errors.ts';
import type { Failure, StageResult, TestReport } from '../../contracts/report.ts';
import { commandLine, stageFacts } from '../evidence.ts';
import type { ArtifactTail } from '../reporter.ts';
import { lastLines, safeLine } from '../safe-text.ts';
import { shortDuration } from '../short-duration.ts';
import { logBlock } from './log-block.ts';
import type { Logs } from './logs.ts';
import { type Markup, markup } from './markup.ts';
import { signOf } from './status.ts';

/** Each stage, folded: what became of it, and its log. */
export function stageList({ stages }: TestReport, logs: Logs): Markup {
  return markup`${stages.map((stage) => folded(stage, logs.get(stage.log)))}`;
}

/** Why a stage did not pass; nothing for one that did. */
export function outcome(stage: StageResult): Markup | undefined {
  switch (stage.status) {
    case 'passed':
      return undefined;
    case 'failed':
      return failed(stage.failure);
    case 'error':
      return errored(stage.error);
    case 'cancelled':
      return markup`<p>The test was cancelled.</p>`;
    case 'skipped':
      return markup`<p>Skipped: ${safeLine(stage.reason, 1000)}</p>`;
  }
}

/** What went wrong with the infrastructure, and why. */
export function errored({ code, message, causes = [] }: SerializedError): Markup {
  const because = causes.map((cause) => markup`<li>${safeLine(cause, 1000)}</li>`);
  return markup`<p>${safeLine(message, 1000)} <code>${code}</code></p>
${because.length > 0 ? markup`<p>Because:</p><ul>${because}</ul>` : undefined}`;
}

function failed(failure: Failure): Markup {
  const command = commandLine(failure);
  const output = failure.output ? lastLines(failure.output, 100).join('\n') : '';
  return markup`<p>${safeLine(failure.message, 2000)} <code>${failure.reason}</code></p>
${command ? markup`<pre class="command">$ ${command}</pre>` : undefined}
${output ? markup`<pre>\n${output}</pre>` : undefined}`;
}

function folded(stage: StageResult, log: ArtifactTail | undefined): Markup {
  const { name, status, durationMs, exitCode } = stage;
  const took = status === 'skipped' ? '' : shortDuration(durationMs);
  const exit = exitCode === undefined ? undefined : markup`<p class="quiet">Exit code ${exitCode}</p>`;
  const said = stageFacts(stage).map((fact) => markup`<p>${fact}</p>`);
  return markup`<details class="stage">
<summary><span class="${status}"><span aria-hidden="true">${signOf(status)} </span>${name}</span> <span class="quiet">${status} ${took}</span> <span class="hits"></span></summary>
<div class="inside">${said}${outcome(stage)}${exit}${log || status !== 'skipped' ? logBlock(name, stage.log, log) : undefined}</div>
</details>
`;
}
