import type { ArtifactTail } from '../reporter.ts';
import { safeLine } from '../safe-text.ts';
import { type Markup, markup } from './markup.ts';

/**
 * What a stage or a test printed.
 * @param name of the stage or the test
 * @param file the artifact that has all of it
 */
export function logBlock(name: string, file: string, log: ArtifactTail | undefined): Markup {
  if (!log) return markup`<p class="quiet">No log was kept.</p>`;
  if ('problem' in log) return markup`<p>The log ${file} could not be read: ${safeLine(log.problem, 1000)}</p>`;
  if (log.size === 0) return markup`<p class="quiet">The log is empty.</p>`;
  const cut = log.cut
    ? markup`<p class="quiet">The end of it: all ${bytes(log.size)} are in ${file}, with the other results.</p>`
    : undefined;
  return markup`${cut}<pre class="log" data-log tabindex="0" role="region" aria-label="Log of ${name}">\n${log.text}</pre>`;
}

function bytes(count: number): string {
  if (count < 1024) return `${count} bytes`;
  const [size, unit] = count < 1024 ** 2 ? [count / 1024, 'KiB'] : [count / 1024 ** 2, 'MiB'];
  return `${size.toFixed(1)} ${unit}`;
}
