import { describe, expect, it } from 'vitest';
import { lastLines, safeLine, safeText } from './safe-text.ts';

describe('safeText', () => {
  it.each([
    ['clears the screen', 'a\x1b[2Jb', 'ab'],
    ['moves the cursor', 'a\x1b[10;20Hb\x1b[1A', 'ab'],
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['a private mode', '\x1b[?1049hx\x1b[?25l', 'x'],
    ['sets the title, ended by BEL', 'a\x1b]0;owned\x07b', 'ab'],
    ['a link, ended by ST', '\x1b]8;;http://x.example\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['writes the clipboard', '\x1b]52;c;ZXZpbA==\x07ok', 'ok'],
    ['a device control string', 'a\x1bP1$r0m\x1b\\b', 'ab'],
    ['resets the terminal', 'a\x1bcb', 'ab'],
    ['selects a character set', 'a\x1b(0b', 'ab'],
    ['CSI as one C1 character', 'a\x9b2Jb', 'ab'],
    ['OSC as one C1 character', 'a\x9d0;owned\x9cb', 'ab'],
  ])('removes a sequence that %s', (_what, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it('removes the introducer of a string that never ends, and hides nothing after it', () => {
    expect(safeText('a\x1b]0;title and\nthe rest')).toBe('a0;title and\nthe rest');
    expect(safeText('cut off \x1b')).toBe('cut off ');
    expect(safeText('cut off \x1b[31')).toBe('cut off 31');
  });

  it('removes what is left of C0, DEL and C1, and keeps tab and line feed', () => {
    const all = Array.from({ length: 0xa0 }, (_, i) => String.fromCharCode(i)).filter((c) => c < ' ' || c >= '\x7f');
    expect(safeText(all.filter((c) => !'\r\x1b\x85\x90\x98\x9b\x9d\x9e\x9f'.includes(c)).join(''))).toBe('\t\n');
    for (const c of all) expect(safeText(`x${c}`)).toMatch(/^x[\n\t]?$/);
  });

  it('turns a carriage return into a line feed, so that nothing is overwritten', () => {
    expect(safeText('evil\rgood\r\nnext')).toBe('evil\ngood\nnext');
  });

  it('removes bidirectional overrides and invisible characters, and keeps joiners', () => {
    expect(safeText('a\u202eb\u2066c\u2069d\u200fe\u061cf\u{e0041}g\ufeff\ufffe\uffff')).toBe('abcdefg');
    expect(safeText('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم');
  });

  it('replaces half a surrogate pair', () => {
    expect(safeText('a\ud800b')).toBe('a\ufffdb');
  });

  it('leaves nothing that a second pass would find', () => {
    const nested = '\x1b\x1b[2J[2J\x1b]\x1b]0;x\x07\x07';
    expect(safeText(safeText(nested))).toBe(safeText(nested));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
    expect(safeText(nested)).not.toMatch(/[\x00-\x1f]/);
  });
});

describe('safeLine', () => {
  it('is one line', () => {
    expect(safeLine(' a\nb\r\n\tc\u2028d\n')).toBe('a b c d');
  });

  it('cuts by code points', () => {
    expect(safeLine('🙂'.repeat(10), 4)).toBe('🙂🙂🙂…');
    expect(safeLine('abcd', 4)).toBe('abcd');
  });
});

describe('lastLines', () => {
  it('gives the last lines, without the empty ones at the end', () => {
    expect(lastLines('1\n2\n3\n\n\n', 2)).toEqual(['2', '3']);
  });

  it('cuts a line without end', () => {
    const [line] = lastLines('x'.repeat(100_000));
    expect(line).toHaveLength(500);
  });
});
