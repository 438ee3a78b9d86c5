import { expect, it } from 'vitest';
import { checkers } from '../../packages/sdk/src/checkers/index.ts';
import { checksPage, renderChecks } from './checks-page.ts';
import { repositoryOf } from './repository.ts';

const rule = {
  id: 'broken',
  severity: 'warning',
  summary: 'a *file* of <name> in `*.so`',
  why: 'It breaks.',
  fix: 'mend it',
  source: 'RFC 1',
} as const;

it('has every rule of every checker, with all that is said of it and how to waive it', () => {
  const page = renderChecks(checkers);
  for (const { id, rules } of checkers) {
    expect(page).toContain(`\n## ${id}\n`);
    for (const each of rules) {
      expect(page).toContain(`\n### ${id}/${each.id}\n`);
      expect(page).toContain(`"rule": "${id}/${each.id}"`);
    }
  }
});

it('writes a rule as sentences, nothing in them being markup', () => {
  expect(renderChecks([{ id: 'x', rules: [rule], phases: ['removed', 'purged'] }])).toContain(`
## x

Looks when the package is removed, purged.

### x/broken

- **What (warning):** A \\*file\\* of \\<name> in \`*.so\`.
- **Why:** It breaks.
- **Fix:** Mend it.
- **Source:** RFC 1.
- **Waive:** \`{ "rule": "x/broken", "path": "…", "reason": "…" }\`
`);
});

it('is said to be stale when it is, and only then', () => {
  const problems = (page: string) => [...checksPage(repositoryOf({ 'docs/checks.md': page }))];
  expect(problems(renderChecks(checkers))).toEqual([]);
  expect(problems(renderChecks(checkers.slice(1)))).toEqual([
    { file: 'docs/checks.md', message: expect.stringContaining('npm run docs:embed') },
  ]);
});
