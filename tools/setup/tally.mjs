import { withLock } from './lock.mjs';
import { cloneId } from './repository.mjs';
import { run } from './run-command.mjs';
import { seconds } from './step.mjs';

/** Counts what passed, failed and was skipped, and tells each step as it ends. */
export class Tally {
  counts = { passed: 0, failed: 0, skipped: 0 };
  failures = [];

  add(name, { passed = 0, failed = 0, skipped = 0 }, since) {
    this.counts.passed += passed;
    this.counts.failed += failed;
    this.counts.skipped += skipped;
    if (failed > 0) this.failures.push(name);
    const outcome = failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'skipped';
    console.log(`${outcome}  ${name}${since === undefined ? '' : `  ${seconds(since)}`}`);
  }

  /** A program as one test: its whole output is shown when it fails. One at a time in a clone: they share caches. */
  async command(name, command, args, options) {
    const since = Date.now();
    const { code, output } = await withLock(`clone-${cloneId}`, () => run(command, args, options));
    if (code !== 0) console.log(`\n${output.trimEnd()}\n${[command, ...args].join(' ')}: exit code ${code}`);
    this.add(name, code === 0 ? { passed: 1 } : { failed: 1 }, since);
  }

  /** A function as one test: it resolves to what is wrong, or to nothing. */
  async check(name, work) {
    const since = Date.now();
    const wrong = await work();
    if (wrong) console.log(`\n${wrong}`);
    this.add(name, wrong ? { failed: 1 } : { passed: 1 }, since);
  }

  /** The last line of the run; resolves to its exit code. That nothing was tested is a failure. */
  finish(patterns) {
    const { passed, failed, skipped } = this.counts;
    if (this.failures.length > 0) console.log(`\nFailed: ${this.failures.join(', ')}`);
    const nothing = passed + failed === 0;
    if (nothing)
      console.log(`\nNothing was tested${patterns.length > 0 ? `: no test file matches ${patterns.join(' ')}` : ''}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 || nothing ? 1 : 0;
  }
}
