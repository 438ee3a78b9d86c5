import { safeLine, safeText } from './safe-text.ts';

/**
 * Five replacements need no library; and what libraries leave to their caller is the part that matters here: characters
 * that XML 1.0 does not allow at all, not even as references (`Char`, section 2.2). safeText takes out all of them.
 */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // Only "]]>" must not stand in text; escaping each is simpler than looking for it.
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Any text as the content of an element. */
export function xmlText(text: string): string {
  return escapeMarkup(safeText(text));
}

/** Names and values as attributes, each with a space before it; those that are undefined are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeMarkup(safeLine(String(value), 1000))}"`)
    .join('');
}
