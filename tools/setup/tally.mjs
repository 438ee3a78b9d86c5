import { withLock } from './lock.mjs';
import { cloneId } from './repository.mjs';
import { run } from './run-command.mjs';
import { seconds } from './step.mjs';

const SHOWN_LINES = 20;

/** The ends of texts that are too long to be shown a second time. */
function shortened(text) {
  const all = text.trimEnd().split('\n');
  const more = all.length - SHOWN_LINES;
  return more <= 0 ? all.join('\n') : `… ${more} lines more above\n${all.slice(more).join('\n')}`;
}

/**
 * Counts what passed, failed and was skipped, and tells each step as it ends. What failed is told once more at the end:
 * of the output of a run in CI often only the end is seen.
 */
export class Tally {
  counts = { passed: 0, failed: 0, skipped: 0 };
  failures = [];

  /** @param why what is told of a failure at the end */
  add(name, { passed = 0, failed = 0, skipped = 0 }, since, why = '') {
    this.counts.passed += passed;
    this.counts.failed += failed;
    this.counts.skipped += skipped;
    if (failed > 0) this.failures.push({ name, why });
    const outcome = failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'skipped';
    console.log(`${outcome}  ${name}${since === undefined ? '' : `  ${seconds(since)}`}`);
  }

  /** A program as one test: its whole output is shown when it fails. One at a time in a clone: they share caches. */
  async command(name, command, args, options) {
    const since = Date.now();
    const { code, output } = await withLock(`clone-${cloneId}`, () => run(command, args, options));
    const said = `${output.trimEnd()}\n${[command, ...args].join(' ')}: exit code ${code}`;
    if (code !== 0) console.log(`\n${said}`);
    this.add(name, code === 0 ? { passed: 1 } : { failed: 1 }, since, shortened(said));
  }

  /** A function as one test: it resolves to what is wrong, or to nothing. */
  async check(name, work) {
    const since = Date.now();
    const wrong = await work();
    if (wrong) console.log(`\n${wrong}`);
    this.add(name, wrong ? { failed: 1 } : { passed: 1 }, since, shortened(wrong ?? ''));
  }

  /** The last line of the run; resolves to its exit code. That nothing was tested is a failure. */
  finish(patterns) {
    const { passed, failed, skipped } = this.counts;
    for (const { name, why } of this.failures) console.log(`\nFailed: ${name}${why && `\n${why}`}`);
    const nothing = passed + failed === 0;
    if (nothing)
      console.log(`\nNothing was tested${patterns.length > 0 ? `: no test file matches ${patterns.join(' ')}` : ''}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 || nothing ? 1 : 0;
  }
}
