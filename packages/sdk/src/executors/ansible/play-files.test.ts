import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatInventory, formatVariables } from './play-files.ts';

describe('extra variables', () => {
  it.each(['a=b', 'it\'s "so"', 'ünïcode 😀', '{{ 1 }}', '007', 'a\nb\\n\t', '', '\u0085\u007f', '# x', '!y: z'])(
    'are strings as they were given: %j',
    (value) => {
      const text = formatVariables({ V: value });
      expect(text).toMatch(/^[\x20-\x7e]*\n$/);
      expect(parse(text, { customTags: [{ tag: '!unsafe', resolve: (string: string) => string }] })).toEqual({
        V: value,
      });
    },
  );

  it('may be none', () => {
    expect(formatVariables({})).toBe('{}\n');
  });
});

it('an inventory has one host, in no group but that of all', () => {
  expect(JSON.parse(formatInventory({ ansible_host: 'x', ansible_port: 22 }))).toEqual({
    all: { hosts: { environment: { ansible_host: 'x', ansible_port: 22 } } },
  });
});
