/**
 * Escape sequences of ECMA-48, whole: CSI (`ESC [` or U+009B), strings such as OSC and DCS with their end, and the short
 * ones. Bodies exclude control characters, so that matching is linear and an unended string hides nothing after it.
 */
const ESCAPE_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;

/** C0 but line feed and tab, DEL, C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * What changes how the characters around it are read, or shows nothing at all: bidirectional overrides and isolates
 * (Unicode TR 36, «Trojan Source»), interlinear annotation, tags, the byte order mark, zero width space, noncharacters. Joiners stay:
 * Persian and emoji need them.
 */
const INVISIBLE =
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/**
 * Text of unknown origin, fit for a terminal or a log: no escape sequence, no control character but line feed and tab,
 * nothing that reorders or hides. A carriage return becomes a line feed: what would be overwritten stays to be seen.
 */
export function safeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(ESCAPE_SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '');
}

/**
 * {@link safeText} on one line, cut with `…` where it is too long.
 * @param limit characters, counted as code points; default 300
 */
export function safeLine(text: string, limit = 300): string {
  // A code point takes two units at most; what lies far behind the limit is not even looked at.
  const line = safeText(text.slice(0, limit * 8))
    .replace(/[\n\t]+/g, ' ')
    .trim();
  const points = [...line];
  return points.length > limit ? `${points.slice(0, limit - 1).join('')}…` : line;
}

/**
 * The last lines of a text of unknown origin, each made safe and cut.
 * @param count how many at most; default 20
 */
export function lastLines(text: string, count = 20): string[] {
  const lines = safeText(text)
    .split('\n')
    .map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-count).map((line) => (line.length > 500 ? safeLine(line, 500) : line));
}
