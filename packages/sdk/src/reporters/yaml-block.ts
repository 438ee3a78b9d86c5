import { safeLine } from './safe-text.ts';

/** What diagnostics are made of; what is undefined is left out. */
export type YamlValue = string | number | readonly string[] | undefined;

/** Longest line of a value. */
const MAX_LINE = 2000;

/**
 * A YAML document as TAP has it below a test point. Texts are double-quoted scalars: those of JSON are those of YAML
 * 1.2, and no content of theirs is ever taken for markup, an alias or the end of the block.
 */
export function yamlBlock(values: Readonly<Record<string, YamlValue>>): string[] {
  const entries = Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'number') return [`${key}: ${value}`];
    if (typeof value === 'string') return [`${key}: ${scalar(value)}`];
    return value.length === 0 ? [] : [`${key}:`, ...value.map((item) => `  - ${scalar(item)}`)];
  });
  return ['---', ...entries, '...'];
}

const scalar = (text: string): string => JSON.stringify(safeLine(text, MAX_LINE));
