import { withLock } from './lock.mjs';
import { cloneId, program } from './repository.mjs';
import { must } from './run-command.mjs';

/** Builds all packages; turbo rebuilds only what changed. */
export function build() {
  return withLock(`clone-${cloneId}`, async () => {
    const output = await must('the build', program('turbo'), [
      'run',
      'build',
      '--output-logs=errors-only',
      '--ui=stream',
    ]);
    const cached = /Cached:\s+(\d+) cached, (\d+) total/.exec(output);
    return cached && cached[1] === cached[2] ? 'up to date' : 'built';
  });
}
