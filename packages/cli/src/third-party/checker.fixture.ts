import { type Checker, definePlugin, type Finding } from '@alts/sdk';
import { z } from 'zod';

/** A checker plugin in a file of its own: says of a package what it is told to. */
const options = z.strictObject({ says: z.string().min(1) });

function manners(says: string): Checker<'package.installed'> {
  return {
    contract: 'checker/1',
    id: 'manners',
    rules: [{ id: 'greets', severity: 'warning', summary: says, why: says, fix: says, source: 'these tests' }],
    needs: ['package.installed'],
    *check(facts): Iterable<Finding> {
      const { name } = facts['package.installed'];
      yield {
        checker: 'manners',
        rule: 'greets',
        severity: 'warning',
        subject: name,
        message: says,
      };
    },
  };
}

// biome-ignore lint/style/noDefaultExport: what a plugin is
export default definePlugin({ kind: 'checker', name: 'manners', options, create: ({ says }) => manners(says) });
