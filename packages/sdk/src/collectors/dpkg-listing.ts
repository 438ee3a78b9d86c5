const DIVERTED = /^(?:diverted by \S+ to|locally diverted to): (\/.*)$/;

/**
 * Reads `dpkg-query --listfiles`. A line such as `diverted by dash to: /bin/sh.distrib` says where the file of the line
 * before it really is, dpkg-divert(1); `package diverts others to: …` says nothing of the package's own files.
 * @returns where to look, for each path that the package owns
 */
export function parseListing(text: string): Map<string, string> {
  const places = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const [, moved] = DIVERTED.exec(line) ?? [];
    if (moved !== undefined && last !== undefined) places.set(last, moved);
    if (!line.startsWith('/')) continue;
    last = line === '/.' ? '/' : line;
    places.set(last, line);
  }
  return places;
}

/**
 * The start of a script that is called with {@link listingArguments}: puts the package's files into `list` and its name,
 * with the architecture where it is there in several, into `package`; ends the script when there is no such package.
 * `part` ends what comes through it with a NUL.
 */
export const LIST_FILES = `package=$1
list=$(dpkg-query --listfiles "$package" 2>/dev/null) || {
  package=$1:\${2:-$(dpkg --print-architecture)}
  list=$(dpkg-query --listfiles "$package" 2>/dev/null) || exit 0
}
part() { tr -d '\\000'; printf '\\0'; }`;

export function listingArguments(name: string, architecture: string | undefined): readonly [string, string] {
  return [name, architecture === undefined || architecture === 'all' ? '' : architecture];
}
