import type { TestEvent } from '../contracts/events.ts';
import type { Palette } from './palette.ts';
import { labelled, type Progress, type ProgressOutput } from './progress.ts';
import { StageLines } from './stage-line.ts';

/** A line for each stage that has ended: for pipes, files and the logs of CI. */
export class PlainProgress implements Progress {
  readonly #output: ProgressOutput;
  readonly #palette: Palette;
  readonly #stages = new StageLines();

  constructor(output: ProgressOutput, palette: Palette) {
    this.#output = output;
    this.#palette = palette;
  }

  event(label: string, event: TestEvent): void {
    for (const line of this.#stages.linesOf(event, this.#palette)) this.line(labelled(label, line));
  }

  line(text: string): void {
    this.#output.write(`${text}\n`);
  }

  close(): void {}
}
