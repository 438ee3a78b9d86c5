import type { Readable } from 'node:stream';

/** What the wrapper inside says when the command ended. */
export interface EndMark {
  readonly how: 'exit' | 'signal';
  readonly code: number;
}

export interface MarkedReader {
  readonly mark: string;
  /** Called when the wrapper inside says that it runs. */
  readonly onStart: () => void;
  /** Gets what the command wrote; the next piece is not read before it resolves. */
  readonly take: (bytes: Uint8Array) => Promise<void>;
}

/** `:signal:137\n` follows a mark. */
const AFTER_MARK = /^:(start|exit|signal):(\d{1,3})\n/;
const MAX_AFTER_MARK = ':signal:255\n'.length;

/** How much of the end may be the beginning of a mark, and has to wait for what follows. */
function undecided(bytes: Buffer, mark: string): number {
  const from = bytes.lastIndexOf(mark.charAt(0));
  if (from < 0) return 0;
  const length = bytes.byteLength - from;
  return mark.startsWith(bytes.toString('latin1', from).slice(0, mark.length)) && length < mark.length + MAX_AFTER_MARK
    ? length
    : 0;
}

/**
 * Hands on what a command wrote, as it comes and no faster than it is wanted, up to the mark that ends it.
 * @returns that mark, or undefined when the stream ended without one
 */
export async function readToMark(stream: Readable, reader: MarkedReader): Promise<EndMark | undefined> {
  const { mark, onStart, take } = reader;
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let at = held.indexOf(mark); at >= 0; at = held.indexOf(mark)) {
      const after = at + mark.length;
      const said = AFTER_MARK.exec(held.toString('latin1', after, after + MAX_AFTER_MARK));
      if (!said && held.byteLength < after + MAX_AFTER_MARK) break;
      if (at > 0) await take(held.subarray(0, at));
      if (!said) await take(held.subarray(at, after));
      if (said?.[1] === 'start') onStart();
      else if (said) return { how: said[1] === 'signal' ? 'signal' : 'exit', code: Number(said[2]) };
      held = held.subarray(after + (said?.[0].length ?? 0));
    }
    const cut = held.byteLength - undecided(held, mark);
    if (cut > 0) await take(held.subarray(0, cut));
    held = held.subarray(cut);
  }
  if (held.byteLength > 0) await take(held);
  return undefined;
}
