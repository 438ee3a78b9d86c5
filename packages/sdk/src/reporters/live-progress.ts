import type { TestEvent } from '../contracts/events.ts';
import type { StageName } from '../contracts/stages.ts';
import type { Palette } from './palette.ts';
import { labelled, type Progress, type ProgressOutput } from './progress.ts';
import { safeLine } from './safe-text.ts';
import { shortDuration } from './short-duration.ts';
import { StageLines } from './stage-line.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Milliseconds between two frames. */
const FRAME_MS = 100;
const CLEAR_BELOW = '\x1b[0J';
/** Without wrapping a line that is wider than was thought cannot become two, and the next redraw finds its place. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

interface Running {
  stage: StageName;
  startedAt: number;
  /** The last line that was printed, safe to show. */
  said: string;
}

/** For a terminal: stages that have ended stay as lines, below them a line for each test that runs, with its time. */
export class LiveProgress implements Progress {
  readonly #output: ProgressOutput;
  readonly #palette: Palette;
  readonly #stages = new StageLines();
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #drawn = 0;

  /** @param now a clock in milliseconds; default `performance.now` */
  constructor(output: ProgressOutput, palette: Palette, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#palette = palette;
    this.#now = now;
  }

  event(label: string, event: TestEvent): void {
    if (event.type === 'stage-started') {
      this.#running.set(`${event.taskId} ${label}`, { stage: event.stage, startedAt: this.#now(), said: '' });
      this.#timer ??= setInterval(() => this.#tick(), FRAME_MS).unref();
      this.#draw();
    } else if (event.type === 'output') {
      const running = this.#running.get(`${event.taskId} ${label}`);
      const said = lastLine(event.text);
      if (running && said) running.said = said;
    } else if (event.type === 'stage-finished') {
      this.#running.delete(`${event.taskId} ${label}`);
    }
    for (const line of this.#stages.linesOf(event, this.#palette)) this.line(labelled(label, line));
  }

  line(text: string): void {
    this.#draw(`${text}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running.clear();
    this.#draw();
  }

  #tick(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    this.#draw();
  }

  /** Replaces the lines of running tests, in one write so that nothing flickers. */
  #draw(above = ''): void {
    const lines = this.#lines();
    const back = this.#drawn > 0 ? `\r\x1b[${this.#drawn}A${CLEAR_BELOW}` : '';
    const below = lines.length > 0 ? `${NO_WRAP}${lines.map((line) => `${line}\n`).join('')}${WRAP}` : '';
    this.#drawn = lines.length;
    if (back || above || below) this.#output.write(`${back}${above}${below}`);
  }

  /** No more than fit on the screen: what has scrolled away cannot be redrawn. */
  #lines(): string[] {
    const { columns = 80, rows = 24 } = this.#output;
    return [...this.#running].slice(0, Math.max(1, rows - 1)).map(([key, { stage, startedAt, said }]) => {
      const label = key.slice(key.indexOf(' ') + 1);
      const elapsed = shortDuration(this.#now() - startedAt);
      const head = labelled(label, `${FRAMES[this.#frame]} ${stage} ${elapsed}`);
      const room = columns - head.length - 2;
      return said && room > 10 ? `${head} ${this.#palette.dim(safeLine(said, room))}` : head;
    });
  }
}

/** The last line with something on it; looks at the end of the text only, which may be large. */
function lastLine(text: string): string {
  const lines = text.slice(-1000).split(/[\r\n]+/);
  return safeLine(lines.findLast((line) => line.trim() !== '') ?? '');
}
