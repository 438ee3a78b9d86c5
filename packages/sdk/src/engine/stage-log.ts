import type { OutputChunk } from '../contracts/environment.ts';
import type { ArtifactRef } from '../contracts/report.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { StageName } from '../contracts/stages.ts';
import type { EventStream } from './event-stream.ts';
import { LogChannel } from './log-channel.ts';
import { SecretMask } from './secrets.ts';

type Stream = 'stdout' | 'stderr';

interface StageLogParts {
  readonly stage: StageName;
  /** Of the artifact. */
  readonly name: string;
  readonly taskId: string;
  readonly store: ResultStore;
  /** Left out: nobody is told while it happens. */
  readonly events?: EventStream;
  readonly secrets: readonly string[];
}

/**
 * All that a stage and its commands say: decoded to valid UTF-8, secrets masked, streamed to the log artifact and to
 * the events. Nothing of it stays in memory.
 */
export class StageLog {
  readonly name: string;
  /** Settles when the artifact is durable, or the store has failed. */
  readonly stored: Promise<ArtifactRef>;
  readonly #parts: StageLogParts;
  readonly #channel = new LogChannel();

  constructor(parts: StageLogParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.stored = parts.store.put({ taskId: parts.taskId, name: this.name }, this.#channel);
    // Who awaits it comes later; until then a store that fails must not be an unhandled rejection.
    this.stored.catch(() => {});
  }

  /** A line of ALTS's own. */
  async note(line: string): Promise<void> {
    const text = `${new SecretMask(this.#parts.secrets).mask(line)}\n`;
    await this.#write('notice', text, true);
  }

  /** Takes the output of one command; `quiet` keeps it out of the events. Call `end` when the command is over. */
  command(quiet: boolean): { output(chunk: OutputChunk): Promise<void>; end(): Promise<void> } {
    const open = () => ({ decoder: new TextDecoder('utf-8'), mask: new SecretMask(this.#parts.secrets) });
    const streams = { stdout: open(), stderr: open() };
    return {
      output: ({ stream, bytes }) => {
        const { decoder, mask } = streams[stream];
        return this.#write(stream, mask.push(decoder.decode(bytes, { stream: true })), !quiet);
      },
      end: async () => {
        for (const stream of ['stdout', 'stderr'] as const) {
          const { decoder, mask } = streams[stream];
          await this.#write(stream, mask.push(decoder.decode()) + mask.flush(), !quiet);
        }
      },
    };
  }

  close(): void {
    this.#channel.close();
  }

  async #write(stream: Stream | 'notice', text: string, tell: boolean): Promise<void> {
    if (text === '') return;
    await this.#channel.write(Buffer.from(text));
    if (tell) await this.#parts.events?.emit({ type: 'output', stage: this.#parts.stage, stream, text });
  }
}
