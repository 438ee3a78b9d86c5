import type { BrokenPackage, Collector } from '../contracts/facts.ts';
import { readOutput } from './read-output.ts';

/** rpm(8), verify: with nothing left but dependencies. Its exit code says whether all is well, and so does its output. */
const SCRIPT = `rpm -Va --nofiles --noscripts --nodigest --nosignature 2>/dev/null | tr -d '\\000'; :`;

/** Asks rpm whether all dependencies in the system are met; dnf takes ten times as long to say the same. */
export const rpmSystemDependencies: Collector<'system.dependencies'> = {
  fact: 'system.dependencies',
  needs: [],
  moment: 'each-phase',
  async collect(environment, _facts, _context, { signal }) {
    return parseUnmet(await readOutput(environment, SCRIPT, [], { what: 'the dependencies in the system', signal }));
  },
};

/** `Unsatisfied dependencies for <name>-<version>-<release>.<architecture>:`, then lines that begin with a tab. */
export function parseUnmet(text: string): BrokenPackage[] {
  const broken: BrokenPackage[] = [];
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const [, label, first] = /^Unsatisfied dependencies for (\S+): ?(.*)$/.exec(line) ?? [];
    if (label !== undefined) name = label.replace(/-[^-]+-[^-]+$/, '');
    // Old versions say all in the line itself.
    const problem = label === undefined ? /^\t(.+)$/.exec(line)?.[1] : first;
    if (name !== undefined && problem) broken.push({ name, problem });
  }
  return broken;
}
