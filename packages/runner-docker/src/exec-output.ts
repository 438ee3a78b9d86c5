import type { Duplex } from 'node:stream';
import { type ExecEnd, type ExecOptions, type ExecResult, OutputTail } from '@alts/sdk/plugin';
import { demux, type Frame } from './demux.ts';
import { SessionStderr } from './session-stderr.ts';

const KEEP_BYTES = 65_536;
/** How much stdout may come before the line on stderr that tells the session: the engine keeps no order between them. */
const MAX_EARLY_BYTES = 4 * 1024 * 1024;

/** The stream was cut by us: what came until then counts. */
const CUTS = ['ERR_STREAM_PREMATURE_CLOSE'];
/** Podman hangs up on a client who still sends input when the command is over; the engine then knows the exit code. */
const RESET = 'ECONNRESET';

/** What the caller's own `stdin` or `onOutput` threw: theirs, and thrown on as it is. */
export class CallersFault {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Reads what a command writes and hands it on, no faster than it is taken. */
export class ExecOutput {
  readonly stderr = new SessionStderr();
  /** Resolves when the command runs, or when the stream ended without one. */
  readonly begun: Promise<void>;
  /** False while a chunk is being dealt with: then it says nothing that no other comes. */
  waiting = false;
  bytes = 0;
  readonly #begin: () => void;
  readonly #tails: Readonly<Record<Frame['stream'], OutputTail>>;
  readonly #onOutput: ExecOptions['onOutput'];
  readonly #cuts: readonly (string | undefined)[];
  #early: Buffer[] = [];
  #earlyBytes = 0;

  constructor({ keepBytes = KEEP_BYTES, onOutput, stdin }: ExecOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#begin = resolve;
    this.#tails = { stdout: new OutputTail(keepBytes), stderr: new OutputTail(keepBytes) };
    this.#onOutput = onOutput;
    this.#cuts = stdin ? [...CUTS, RESET] : CUTS;
  }

  /** Until the stream ends or is cut; what came before the session is kept back until that is known. */
  async read(socket: Duplex): Promise<void> {
    try {
      this.waiting = true;
      for await (const frame of demux(socket as AsyncIterable<Buffer>)) {
        this.waiting = false;
        this.bytes += frame.bytes.length;
        await this.#take(frame);
        this.waiting = true;
      }
    } catch (error) {
      if (!this.#cuts.includes((error as NodeJS.ErrnoException).code)) throw error;
    } finally {
      this.#begin();
    }
    if (this.stderr.session !== undefined) await this.#deliver('stderr', this.stderr.end());
  }

  /** What the engine wrote in place of a command that it could not start. */
  async flushUnbegun(): Promise<void> {
    await this.#deliverEarly();
    await this.#deliver('stderr', this.stderr.end());
  }

  result(end: ExecEnd): ExecResult {
    const { stdout, stderr } = this.#tails;
    return { end, stdout: stdout.bytes, stderr: stderr.bytes, truncated: stdout.truncated || stderr.truncated };
  }

  async #take({ stream, bytes }: Frame): Promise<void> {
    const known = this.stderr.session !== undefined;
    if (stream === 'stdout') {
      if (known) return await this.#deliver('stdout', bytes);
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
      if (this.#earlyBytes > MAX_EARLY_BYTES) await this.#deliverEarly();
      return;
    }
    const own = this.stderr.push(bytes);
    if (!known && this.stderr.session !== undefined) {
      this.#begin();
      await this.#deliverEarly();
    }
    await this.#deliver('stderr', own);
  }

  async #deliverEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const bytes of early) await this.#deliver('stdout', bytes);
  }

  async #deliver(stream: Frame['stream'], bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#tails[stream].add(bytes);
    try {
      await this.#onOutput?.({ stream, bytes });
    } catch (error) {
      throw new CallersFault(error);
    }
  }
}
