/**
 * `docs/checks.md` is written from the rules of the checkers: `npm run docs:embed` brings it up to date; the lint only
 * compares.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkers } from '../../packages/sdk/src/checkers/index.ts';
import type { Checker, Rule } from '../../packages/sdk/src/contracts/checker.ts';
import { SKIPS, TOO_MANY_FINDINGS, WAIVERS } from '../../packages/sdk/src/engine/known-rules.ts';
import { MAX_FINDINGS } from '../../packages/sdk/src/engine/run-checks.ts';
import { SKIP_RULES } from '../../packages/sdk/src/engine/skip-findings.ts';
import { WAIVER_RULES } from '../../packages/sdk/src/engine/waiver-findings.ts';
import type { Check } from './repository.ts';

const PAGE = 'docs/checks.md';

const INTRODUCTION = `# What is checked

<!-- Written from the rules of the checkers by "npm run docs:embed": change them, not this page. -->

Every finding names a rule of this page, such as \`files/broken-link\`: the checker and the rule. A finding of severity
\`error\` fails the test; \`warning\` and \`info\` do not. Some rules are milder where the fault does less harm, and say so.

Nothing is installed into the system for these checks: facts are read with the package manager and POSIX tools, and judged
outside. A checker looks when the package is installed, when it was removed, when it was purged, or at several of these.

To accept a finding, put a waiver into the request or into a file for \`--config\`; \`path\` and \`package\` are patterns and
may be left out, \`reason\` may not. [Waivers, severities and baselines](waivers.md) has the rest.

\`\`\`json
{
  "waivers": [
    {
      "rule": "files/broken-link",
      "package": "hello",
      "path": "/usr/lib/hello/**",
      "reason": "the target comes with the kernel",
      "expires": "2026-12-31"
    }
  ],
  "severities": { "files/broken-link": "warning" }
}
\`\`\`

A checker that finds more than ${MAX_FINDINGS} things says how many more there are, as its rule \`${TOO_MANY_FINDINGS}\` (error).
`;

/** Nothing in a rule's text is markup, but for code between backticks. */
function plain(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_<[\]]/g, '\\$&')))
    .join('');
}

/** As a sentence: rules are written without capital and full stop. */
function sentence(text: string): string {
  const start = /^\p{Ll}+(?=[\s,;:]|$)/u.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
  return plain(/[.!?]$/.test(start) ? start : `${start}.`);
}

function describeRule(checker: string, { id, severity, summary, why, fix, source }: Rule, waivable: boolean): string[] {
  const name = `${checker}/${id}`;
  const waiver = `{ "rule": "${name}", "path": "…", "reason": "…" }`;
  return [
    `### ${name}`,
    '',
    `- **What (${severity}):** ${sentence(summary)}`,
    `- **Why:** ${sentence(why)}`,
    `- **Fix:** ${sentence(fix)}`,
    `- **Source:** ${sentence(source)}`,
    ...(waivable ? [`- **Waive:** \`${waiver}\``] : []),
    '',
  ];
}

/** The page for these checkers. */
export function renderChecks(all: readonly Pick<Checker, 'id' | 'rules' | 'phases'>[]): string {
  const byName = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const sections = byName.flatMap(({ id, rules, phases = ['installed'] }) => [
    `## ${id}`,
    '',
    `Looks when the package is ${phases.join(', ')}.`,
    '',
    ...rules.flatMap((rule) => describeRule(id, rule, true)),
  ]);
  const waivers = [
    `## ${WAIVERS}`,
    '',
    'Looks at the waivers of the request, when all stages are over. Its rules cannot be waived themselves.',
    '',
    ...WAIVER_RULES.flatMap((rule) => describeRule(WAIVERS, rule, false)),
  ];
  const skips = [
    `## ${SKIPS}`,
    '',
    'Looks at what was skipped, when all stages are over. Its rules cannot be waived.',
    '',
    ...SKIP_RULES.flatMap((rule) => describeRule(SKIPS, rule, false)),
  ];
  return [INTRODUCTION, ...sections, ...skips, ...waivers].join('\n');
}

/** The page says what the checkers say of themselves. */
export const checksPage: Check = function* ({ text }) {
  if (text(PAGE) === renderChecks(checkers)) return;
  yield { file: PAGE, message: 'differs from the rules of the checkers; run: npm run docs:embed' };
};

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  writeFileSync(join(import.meta.dirname, '../..', PAGE), renderChecks(checkers));
}
