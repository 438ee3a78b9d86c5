/** What one token of a pattern matches; text is a character that stands for itself. */
type Token = string | typeof ONE | typeof SEGMENT | typeof ANYTHING | typeof DIRECTORIES;

const ONE = Symbol('?');
const SEGMENT = Symbol('*');
const ANYTHING = Symbol('**');
// Nothing, or directories to the last `/` of them: so that `/usr/**/x` finds `/usr/x`, too.
const DIRECTORIES = Symbol('**/');

function tokenize(pattern: string): Token[] {
  const parts = pattern.match(/(?<=^|\/)\*\*\/|\*{2,}|./gsu) ?? [];
  return parts.map((part) => {
    if (part === '?') return ONE;
    if (part === '*') return SEGMENT;
    if (part === '**/') return DIRECTORIES;
    return part.startsWith('**') ? ANYTHING : part;
  });
}

/** Adds a place in the pattern, and those that are reached from it without a character. */
function enter(places: Set<number>, at: number, tokens: readonly Token[]): void {
  let place = at;
  places.add(place);
  for (let token = tokens[place]; token === SEGMENT || token === ANYTHING || token === DIRECTORIES; ) {
    place += 1;
    places.add(place);
    token = tokens[place];
  }
}

function step(places: ReadonlySet<number>, character: string, tokens: readonly Token[]): Set<number> {
  const next = new Set<number>();
  for (const place of places) {
    const token = tokens[place];
    if (token === character || (token === ONE && character !== '/')) enter(next, place + 1, tokens);
    else if (token === ANYTHING || (token === SEGMENT && character !== '/')) enter(next, place, tokens);
    else if (token === DIRECTORIES) {
      // Within a directory's name only its end leads on.
      next.add(place);
      if (character === '/') enter(next, place + 1, tokens);
    }
  }
  return next;
}

/**
 * Whether a text fits a pattern as a whole: `*` is any text without `/`, `**` any text (and, as a whole step of a path,
 * any number of directories), `?` one character but `/`. All places in the pattern are followed at once, so that time is at most the product of both
 * lengths, whatever the pattern.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  const tokens = tokenize(pattern);
  let places = new Set<number>();
  enter(places, 0, tokens);
  for (const character of text) {
    places = step(places, character, tokens);
    if (places.size === 0) return false;
  }
  return places.has(tokens.length);
}
