import { describe, expect, it } from 'vitest';
import { parseRequest } from '../contracts/request.ts';
import { redactRequest, SecretMask, secretsOf } from './secrets.ts';

const request = parseRequest({
  package: { name: 'hello' },
  system: 'debian:12',
  repositories: [
    'deb [trusted=yes] http://joe:p%40ss@example.org/ ./',
    { name: 'x', url: 'https://token123@example.org/', trusted: true },
  ],
});

describe('secrets of a request', () => {
  it('are found in every form that a tool may print', () => {
    const secrets = secretsOf(request);
    expect(secrets).toEqual(
      expect.arrayContaining(['p%40ss', 'p@ss', 'token123', Buffer.from('joe:p@ss').toString('base64')]),
    );
  });

  it('are not in the request that reports show', () => {
    const shown = JSON.stringify(redactRequest(request));
    for (const secret of secretsOf(request)) expect(shown).not.toContain(secret);
    expect(shown).toContain('http://***@example.org/ ./');
  });
});

describe('a mask', () => {
  it.each([1, 2, 3, 5, 7, 100])('hides secrets in pieces of %i characters', (size) => {
    const mask = new SecretMask(['hunter2', 'hunt']);
    const text = 'a hunter2 b hunt c hunterX hun';
    let out = '';
    for (let at = 0; at < text.length; at += size) out += mask.push(text.slice(at, at + size));
    out += mask.flush();
    expect(out).not.toContain('hunter2');
    expect(out).toMatch(/^a \*\*\*.* b \*\*\* c \*\*\*erX hun$/);
  });

  it('passes everything on at once when there is no secret', () => {
    expect(new SecretMask([]).push('text')).toBe('text');
  });
});
