import type { TestReport } from '../../contracts/report.ts';
import type { SuiteResult, SuiteTest, TestCase } from '../../contracts/suite-result.ts';
import { safeLine } from '../safe-text.ts';
import { shortDuration } from '../short-duration.ts';
import { plainStatus, testReason } from '../suite-evidence.ts';
import { logBlock } from './log-block.ts';
import type { Logs } from './logs.ts';
import { type Markup, markup } from './markup.ts';
import { signOf } from './status.ts';

/** How many cases of a test are shown; `report.json` has more. */
const MAX_CASES = 1000;

/** Third-party tests, suite by suite; undefined when none ran. */
export function suiteList({ suites }: TestReport, logs: Logs): Markup | undefined {
  return suites.length === 0 ? undefined : markup`<h3>Third-party tests</h3>\n${suites.map((one) => suite(one, logs))}`;
}

function suite({ source, commit, format, tools, notes, tests }: SuiteResult, logs: Logs): Markup {
  const at = commit ? `, commit ${safeLine(commit)}` : '';
  const brought =
    tools.length > 0 ? markup`<p class="quiet">Installed for it: ${safeLine(tools.join(', '), 2000)}</p>` : undefined;
  return markup`<h4>${safeLine(source, 1000)}</h4>
<p class="quiet">${format}${at}</p>
${brought}${notes.map((note) => markup`<p class="quiet">${safeLine(note, 1000)}</p>`)}${tests.map((test) => folded(test, logs))}`;
}

function folded(test: SuiteTest, logs: Logs): Markup {
  const status = plainStatus(test);
  const reason = testReason(test);
  const log = test.log && logBlock(safeLine(test.name), test.log, logs.get(test.log));
  return markup`<details class="stage">
<summary><span class="${status}"><span aria-hidden="true">${signOf(status)} </span>${safeLine(test.name, 500)}</span> <span class="quiet">${test.kind} ${test.status} ${shortDuration(test.durationMs)}</span> <span class="hits"></span></summary>
<div class="inside">${reason ? markup`<p>${safeLine(reason, 2000)}</p>` : undefined}${caseList(test)}${log || undefined}</div>
</details>
`;
}

function caseList({ cases, casesOmitted = 0 }: SuiteTest): Markup | undefined {
  if (cases.length === 0) return undefined;
  const shown = cases.slice(0, MAX_CASES);
  const more = cases.length - shown.length + casesOmitted;
  return markup`<ul class="findings">
${shown.map(item)}</ul>
${more > 0 ? markup`<p class="quiet">And ${more} more cases.</p>` : undefined}`;
}

function item({ name, status, reason, diagnostics }: TestCase): Markup {
  const colour = status === 'todo' ? 'skipped' : status;
  return markup`<li><span class="${colour}"><span aria-hidden="true">${signOf(colour)} </span>${safeLine(name || 'unnamed', 1000)}</span> <span class="quiet">${status}${reason ? `: ${safeLine(reason, 1000)}` : ''}</span>${diagnostics ? markup`<pre>\n${diagnostics}</pre>` : undefined}</li>
`;
}
