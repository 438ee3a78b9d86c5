import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { OutputTail } from '../authoring/output-tail.ts';
import type { Argv, Environment, ExecEnd, ExecOptions, ExecResult, OutputChunk } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import { LANE_SCRIPT, laneCommand } from './lane-script.ts';
import { MarkedParts } from './marked-parts.ts';

/** What {@link ExecOptions.keepBytes} is when nothing is said. */
const KEEP_BYTES = 65_536;

/** A command that waits for its result. */
export class LaneCommand {
  readonly command: Argv;
  readonly options: ExecOptions;
  readonly stdin: Uint8Array | undefined;
  readonly #done = Promise.withResolvers<ExecResult>();
  readonly #tails: { readonly stdout: OutputTail; readonly stderr: OutputTail };
  #ended = 0;
  #settled = false;
  /** Called when nothing of its lane is before it any more. */
  onBegin: (() => void) | undefined;

  constructor(command: Argv, options: ExecOptions, stdin: Uint8Array | undefined) {
    this.command = command;
    this.options = options;
    this.stdin = stdin;
    const { keepBytes = KEEP_BYTES } = options;
    this.#tails = { stdout: new OutputTail(keepBytes), stderr: new OutputTail(keepBytes) };
    this.#done.promise.catch(() => undefined);
  }

  get result(): Promise<ExecResult> {
    return this.#done.promise;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Both streams have come to its end. */
  get over(): boolean {
    return this.#ended === 2;
  }

  async take({ stream, bytes }: OutputChunk): Promise<void> {
    if (this.#settled) return;
    this.#tails[stream].add(bytes);
    await this.options.onOutput?.({ stream, bytes });
  }

  /** One of the streams ended; the second decides: what the first has may be all that came so far. */
  endStream(code: number): void {
    this.#ended += 1;
    if (this.over) this.resolve(endOf(code));
  }

  /** As `reject`: what came first counts. */
  resolve(end: ExecEnd): void {
    this.#settled = true;
    const { stdout, stderr } = this.#tails;
    const truncated = stdout.truncated || stderr.truncated;
    this.#done.resolve({ end, stdout: stdout.bytes, stderr: stderr.bytes, truncated });
  }

  reject(error: unknown): void {
    this.#settled = true;
    this.#done.reject(error);
  }
}

/** sh says only `128 + n` of a signal. */
function endOf(code: number): ExecEnd {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return signal === undefined ? { type: 'exit', code } : { type: 'signal', signal };
}

/** One shell in an environment that stays, and runs one command after the other. */
export class ReadingLane {
  readonly #mark = randomUUID();
  readonly #streams = { stdout: new MarkedParts(this.#mark), stderr: new MarkedParts(this.#mark) };
  readonly #stop = new AbortController();
  /** Commands that are not over, by their number; the first one runs. */
  readonly #commands = new Map<number, LaneCommand>();
  #next = 0;
  readonly #input: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  /** Settles when the shell is gone. */
  readonly gone: Promise<void>;

  constructor(environment: Environment) {
    this.gone = this.#run(environment);
  }

  /** It takes no more commands. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many commands have not come to their end. */
  get waiting(): number {
    return this.#commands.size;
  }

  add(command: LaneCommand): void {
    const { env = {} } = command.options;
    const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command.command];
    this.#commands.set(this.#next++, command);
    if (this.#commands.size === 1) command.onBegin?.();
    this.#input.push(laneCommand(words, command.stdin));
    this.#wake?.();
  }

  /** Lets the shell end when all is done. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /**
   * Gives a command up. When it is the one that runs, so is the lane.
   * @returns commands that have to be run elsewhere
   */
  abandon(command: LaneCommand): LaneCommand[] {
    const [running, ...others] = this.#commands.values();
    if (running !== command) return [];
    this.#commands.clear();
    this.close();
    this.#stop.abort();
    return others;
  }

  async #run(environment: Environment): Promise<void> {
    try {
      const { stderr } = await environment.exec(['sh', '-c', LANE_SCRIPT, 'sh', this.#mark], {
        stdin: this.#feed(),
        signal: this.#stop.signal,
        onOutput: (chunk) => this.#take(chunk),
      });
      const said = Buffer.from(stderr).toString().trim().slice(-200);
      this.#lose(new AltsError('environment_lost', `the shell that reads the system ended too early: ${said}`));
    } catch (error) {
      this.#lose(error);
    }
  }

  /** Nothing more will come: all that wait have the same fate. */
  #lose(error: unknown): void {
    this.close();
    for (const command of this.#commands.values()) command.reject(error);
    this.#commands.clear();
  }

  async *#feed(): AsyncGenerator<Uint8Array> {
    while (true) {
      const next = this.#input.shift();
      if (next) yield next;
      else if (this.#closed) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #goOn(over: number): void {
    this.#commands.delete(over);
    const [next] = this.#commands.values();
    next?.onBegin?.();
  }

  async #take({ stream, bytes }: OutputChunk): Promise<void> {
    for (const { index, piece, code } of this.#streams[stream].push(bytes)) {
      const command = this.#commands.get(index);
      if (!command) continue;
      if (code === undefined)
        await command.take({ stream, bytes: piece }).catch((error: unknown) => command.reject(error));
      else command.endStream(code);
      if (command.over) this.#goOn(index);
    }
  }
}
