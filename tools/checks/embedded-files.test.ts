import { describe, expect, it } from 'vitest';
import { embed } from './embedded-files.ts';

describe('embedded files', () => {
  const read = (path: string): string => (path === 'a.ts' ? "a('```');\n" : 'b\n');

  it('are put below their marker, and replace what stood there', () => {
    const once = embed('x\n<!-- file: a.ts -->\ny\n', read);
    expect(once).toBe("x\n<!-- file: a.ts -->\n```ts\na('```');\n```\ny\n");
    expect(embed(once, () => 'new\n')).toBe('x\n<!-- file: a.ts -->\n```ts\nnew\n```\ny\n');
  });

  it('leave other code alone', () => {
    const document = '```ts\nkept\n```\n';
    expect(embed(document, read)).toBe(document);
  });
});
