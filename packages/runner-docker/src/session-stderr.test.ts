import { describe, expect, it } from 'vitest';
import { SessionStderr } from './session-stderr.ts';

function read(pieces: readonly string[]) {
  const stderr = new SessionStderr();
  const own = pieces.map((piece) => stderr.push(Buffer.from(piece)).toString()).join('') + stderr.end().toString();
  return { own, session: stderr.session, abnormal: stderr.abnormal };
}

describe('stderr of a command in a session of its own', () => {
  const whole = '28\nno newline at setsid: childsetsid: child 28 did not exit normally: Success\nfrom a daemon';

  it.each(Array.from({ length: whole.length - 1 }, (_, index) => index + 1))('is read right when cut at %i', (at) => {
    expect(read([whole.slice(0, at), whole.slice(at)])).toEqual({
      own: 'no newline at setsid: childfrom a daemon',
      session: 28,
      abnormal: true,
    });
  });

  it('is read right byte by byte', () => {
    expect(read([...whole]).own).toBe('no newline at setsid: childfrom a daemon');
  });

  it('keeps what only looks like setsid: another number, or a line that does not go on so', () => {
    const text = 'setsid: child 29 did not exit normally\nsetsid: child 28 did';
    expect(read([`28\n${text}`])).toEqual({ own: text, session: 28, abnormal: false });
  });

  it('has no session when the command never began', () => {
    expect(read(['sh: not found\n'])).toEqual({ own: 'sh: not found\n', session: undefined, abnormal: false });
  });
});
