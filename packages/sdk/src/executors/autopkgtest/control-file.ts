/** Fields of one stanza; their names are lower case, lines that go on are joined by a space. */
export type Stanza = ReadonlyMap<string, string>;

export interface ControlFile {
  readonly stanzas: readonly Stanza[];
  /** Lines that are neither field nor continuation, with their number. */
  readonly faults: readonly string[];
}

/**
 * Reads a control file as autopkgtest does: what follows a `#` is a comment wherever it is, and a line of nothing but a
 * comment does not end a stanza.
 * Source: deb822(5); README.package-tests, «Overview»; `parse_rfc822` in testdesc.py of autopkgtest.
 */
export function parseControlFile(text: string): ControlFile {
  const stanzas: Map<string, string>[] = [];
  const faults: string[] = [];
  let [stanza, field]: [Map<string, string> | undefined, string | undefined] = [undefined, undefined];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.replace(/#.*$/, '').trimEnd();
    if (line === '' && whole.includes('#')) continue;
    const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (line === '') [stanza, field] = [undefined, undefined];
    else if (/^[ \t]/.test(line) && stanza && field) stanza.set(field, `${stanza.get(field)} ${line.trim()}`.trim());
    else if (name === undefined || value === undefined)
      faults.push(`line ${index + 1} is no field: ${line.slice(0, 100)}`);
    else {
      stanza ??= begin(stanzas);
      field = name.toLowerCase();
      stanza.set(field, value.trim());
    }
  }
  return { stanzas, faults };
}

function begin(stanzas: Map<string, string>[]): Map<string, string> {
  const stanza = new Map<string, string>();
  stanzas.push(stanza);
  return stanza;
}

/** Words that are separated by commas, white space, or both. */
export function wordsOf(value = ''): string[] {
  return value.split(/[\s,]+/).filter((word) => word !== '');
}
