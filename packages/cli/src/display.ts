import { COLOURED, LiveProgress, type Palette, PLAIN, PlainProgress, type Progress } from '@alts/sdk';
import { wantsColour } from './output.ts';

/** What people see of a test, on the stream that is theirs. */
export interface Display {
  readonly palette: Palette;
  readonly progress: Progress;
  /** A line beside the tests: always on stderr. */
  note(line: string): void;
}

/**
 * Opens what people read.
 * @param stream stdout, unless that belongs to a machine: then stderr
 */
export function openDisplay(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Display {
  const palette = wantsColour(stream, env) ? COLOURED : PLAIN;
  const live = stream.isTTY === true && env['TERM'] !== 'dumb';
  const progress = live ? new LiveProgress(stream, palette) : new PlainProgress(stream, palette);
  const note = (line: string): void => {
    // Through the live lines, where both are the same terminal: else the next redraw would wipe it out.
    if (live && process.stderr.isTTY) progress.line(line);
    else process.stderr.write(`${line}\n`);
  };
  return { palette, progress, note };
}
