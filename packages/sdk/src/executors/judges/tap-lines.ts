import { lineType } from 'tap-parser';
import { BoundedLines } from './bounded-lines.ts';

/** Of a line, in bytes; what is behind them is not read. */
const LINE_LIMIT = 8192;
/** Subtests within subtests, four spaces each. Deeper ones are passed over: their parents say how they ended. */
const LEVEL_LIMIT = 16;
const SPACE = 32;
const NUMBER_SIGN = 35;
/** As in `# Subtest`. */
const SUBTEST = 83;

/** How lines begin that may be TAP: `ok`, `not ok`, plan, version, bail out, comment or pragma, YAML, end of a subtest. */
const BEGINNINGS = new Set([...Buffer.from('on0123456789TtBb#p-.}')]);

/** What is read however many lines there were since the last test point. */
const POINT_BEGINNINGS = new Set([...Buffer.from('on-}')]);

export type TapLineType = 'point' | 'plan' | 'version' | 'bailout' | 'subtest' | 'brace';

/** What is made of the lines. */
export interface TapLineReader {
  /** Nothing but test points is read for now: there were too many other lines. */
  readonly wantsPointsOnly: boolean;
  /** There is no room for more diagnostics of this test point. */
  readonly wantsNoDiagnostics: boolean;
  /** A line of TAP, or the `}` of a subtest; with its indentation, ended by a line feed. */
  onTap(line: string, level: number, type: TapLineType): void;
  /** A line of a YAML block or a comment: it belongs to the test point before it. */
  onDiagnostic(text: string): void;
}

const TYPES: Readonly<Record<string, TapLineType>> = {
  testPoint: 'point',
  plan: 'plan',
  version: 'version',
  bailout: 'bailout',
  subtest: 'subtest',
};

/**
 * Finds what is TAP in an output of any size, and passes over all else («garbage»: TAP 14, «Anything else»).
 * YAML blocks are text here, never parsed: a hostile one is an expensive one. Pragmas are passed over.
 * Source: the TAP 14 specification, testanything.org.
 */
export class TapLines {
  readonly #lines = new BoundedLines(LINE_LIMIT, (bytes, start, end) => this.#read(bytes, start, end));
  readonly #reader: TapLineReader;
  /** Indentation of the YAML block that is being read. */
  #yaml: number | undefined;
  /** Indentation of the last line of TAP, where a YAML block may follow. */
  #point: number | undefined;

  constructor(reader: TapLineReader) {
    this.#reader = reader;
  }

  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  end(): void {
    this.#lines.end();
  }

  #read(bytes: Uint8Array, start: number, end: number): void {
    let first = start;
    while (first < end && bytes[first] === SPACE) first += 1;
    const indent = first - start;
    if (this.#yaml !== undefined && this.#inYaml(bytes, first, end, indent)) return;
    const beginning = bytes[first];
    if (beginning === undefined || first === end || !BEGINNINGS.has(beginning)) return;
    if (this.#isIdle(beginning, bytes[first + 2])) return;
    this.#readText(decode(bytes, first, end), indent);
  }

  /** A flood of comments or plans is passed over before it costs anything. */
  #isIdle(beginning: number, third: number | undefined): boolean {
    const { wantsPointsOnly, wantsNoDiagnostics } = this.#reader;
    if (beginning !== NUMBER_SIGN) return wantsPointsOnly && !POINT_BEGINNINGS.has(beginning);
    return third === SUBTEST ? wantsPointsOnly : wantsNoDiagnostics;
  }

  /** Whether the line belongs to the YAML block. Only its last three dots need to be looked at. */
  #inYaml(bytes: Uint8Array, first: number, end: number, indent: number): boolean {
    const block = this.#yaml ?? 0;
    if (first === end) return true;
    if (indent > block && this.#reader.wantsNoDiagnostics) return true;
    if (indent < block) {
      // As in a block that was cut off: what follows is TAP again.
      this.#yaml = undefined;
      return false;
    }
    const text = decode(bytes, first - (indent - block), end);
    if (text === '...') this.#yaml = undefined;
    else this.#reader.onDiagnostic(text);
    return true;
  }

  #readText(text: string, indent: number): void {
    if (text === '---' && this.#point !== undefined && indent > this.#point) {
      this.#yaml = indent;
      this.#point = undefined;
      return;
    }
    const type = typeOf(text);
    const level = indent / 4;
    if (type && Number.isInteger(level) && level <= LEVEL_LIMIT) {
      this.#point = type === 'point' ? indent : undefined;
      this.#reader.onTap(`${' '.repeat(indent)}${text}\n`, level, type);
    } else if (text.startsWith('#')) this.#reader.onDiagnostic(text.replace(/^#+ ?/, ''));
  }
}

function typeOf(text: string): TapLineType | undefined {
  if (text === '}') return 'brace';
  const type = TYPES[lineType(`${text}\n`)?.[0] ?? ''];
  // TAP 14: a plan is `1..N`; `192..168` in a log is none.
  return type === 'plan' && !text.startsWith('1..') ? undefined : type;
}

/** As UTF-8; other bytes become U+FFFD. What JavaScript calls the end of a line must not end one within a description. */
function decode(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  return text.replace(/[\r\u2028\u2029]+$/, '').replace(/[\r\u2028\u2029]/g, ' ');
}
