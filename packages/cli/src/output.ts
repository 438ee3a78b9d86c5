const streams = [process.stdout, process.stderr];
/** A pipe whose reader has gone, a terminal that was closed. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/**
 * Whoever reads may have gone (`| head`). Then what is left to say is dropped, and the work goes on: a test that is
 * under way still has to take its environment away, and its exit code still counts.
 */
export function ignoreClosedReaders(): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!CLOSED.has(error.code)) throw error;
    });
  }
}

/** Resolves when all that was written has left the process, or nobody reads it any more. */
export async function flush(): Promise<void> {
  await Promise.all(
    streams.map((stream) =>
      stream.destroyed || stream.writableLength === 0
        ? undefined
        : new Promise<void>((resolve) => stream.write('', () => resolve())),
    ),
  );
}

/** Colours: FORCE_COLOR and NO_COLOR (no-color.org) decide; else a terminal that has them. */
export function wantsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return stream.isTTY === true && stream.hasColors();
}
