import { SetupError } from './setup-error.mjs';

export const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Prints what is being done, then how it went and how long it took; `work` may return a word on it. */
export async function step(title, work) {
  const startedAt = Date.now();
  process.stdout.write(`${title.padEnd(18)} `);
  try {
    const said = await work();
    console.log(`${seconds(startedAt).padStart(8)}  ${said ?? ''}`.trimEnd());
  } catch (error) {
    console.log(`${seconds(startedAt).padStart(8)}  failed`);
    throw error;
  }
}

/** A set-up that cannot go on is told in a line after the output that explains it; anything else is our own mistake. */
export function explain(error) {
  if (!(error instanceof SetupError)) return error?.stack ?? String(error);
  return `${error.output ? `${error.output.trimEnd()}\n\n` : ''}${error.message}`;
}
