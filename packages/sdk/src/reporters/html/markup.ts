import { xmlText } from '../xml.ts';

/** Text that is HTML already; all other text is escaped where it is put into it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template; of what is undefined nothing is shown. */
export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * A template of HTML. Whatever is put into it is made safe and escaped, in text and in quoted attributes, unless it is
 * {@link Markup} itself: forgetting to escape is not possible.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return xmlText(String(part));
  return part.map(textOf).join('');
}
